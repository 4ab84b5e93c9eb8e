// One element for every long table: filter, sort, page, export. The rows are in the page already, so
// without this file all of them are there, in the order of the server. The state is in the address.

(() => {
  const HERE = document.currentScript.src;
  const PAGE_SIZE = 100;
  const FEW_ROWS = 8; // fewer are taken in at a glance: they are sorted, not filtered
  const FEW_VALUES = 6;
  const WORDS = "words"; // not `q`, at which the themes' own search opens
  const LANGUAGE = document.documentElement.lang || undefined;

  class IncidentTable extends HTMLElement {
    connectedCallback() {
      const table = this.querySelector("table");
      if (!table || table.querySelectorAll("tr.inc-row").length < 2) return;
      if (!this.table) this.begin(table);
      this.gone = new AbortController();
      const { signal } = this.gone;
      window.addEventListener("popstate", () => this.read(), { signal });
      document.addEventListener("click", (event) => this.close(event.target), { signal });
    }

    disconnectedCallback() {
      this.gone?.abort();
    }

    begin(table) {
      this.table = table;
      this.texts = told(this.dataset.texts);
      this.facets = told(this.dataset.facets);
      this.words = told(this.dataset.words);
      this.scope = this.dataset.name ? `${this.dataset.name}.` : "";
      this.groups = [...table.tBodies].map((body) => ({
        body,
        head: body.querySelector("tr.inc-group"),
        rows: [...body.querySelectorAll("tr.inc-row")],
      }));
      this.rows = this.groups.flatMap((group) => group.rows);
      this.facts = new Map(this.rows.map((row, place) => [
        row, { place, facets: told(row.dataset.facets), text: row.textContent.toLowerCase() },
      ]));
      this.inPlace = true;
      this.build();
      this.read();
    }

    close(target) {
      for (const box of this.querySelectorAll("details.inc-facet[open]")) if (!box.contains(target)) box.open = false;
    }

    say(key, values = {}) {
      let text = this.texts[key] || key;
      for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value);
      return text;
    }

    // How a value is read; the address holds what it is called in all languages.
    word(name, value) {
      return this.words[name]?.[value] ?? value;
    }

    // The bar above the table

    build() {
      const bar = element("div", { class: "inc-filter", role: "group", "aria-label": this.say("filter") });
      const label = element("label", { class: "inc-filter__text" });
      label.append(element("span", {}, this.say("search")));
      this.input = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
      this.input.addEventListener("input", () => this.change({ q: this.input.value.trim(), page: 1 }));
      label.append(this.input);
      bar.append(label);
      this.boxes = new Map();
      for (const [name, title] of Object.entries(this.facets)) {
        const counts = new Map();
        for (const row of this.rows)
          for (const value of this.facts.get(row).facets[name] || []) counts.set(value, (counts.get(value) || 0) + 1);
        if (counts.size > 1) bar.append(this.facet(name, title, counts));
      }
      bar.append(this.sorting());
      const line = element("p", { class: "inc-filter__result" });
      this.result = element("span", { role: "status" });
      this.clear = button(this.say("clear"), () => this.change({ q: "", sort: "", page: 1, chosen: new Map() }));
      this.export = button(this.say("export"), () => this.save());
      line.append(this.result, this.clear, this.export);
      bar.append(line);
      this.prepend(bar);
      this.bar = bar;
      this.pager = element("nav", { class: "inc-pager", "aria-label": this.say("pages") });
      this.append(this.pager);
      for (const head of this.table.tHead.querySelectorAll("th")) this.sortable(head);
    }

    // Where rows are cards there is no head to sort by.
    sorting() {
      const label = element("label", { class: "inc-filter__sort" });
      this.order = element("select");
      this.order.append(element("option", { value: "" }, this.say("usual")));
      for (const head of this.table.tHead.querySelectorAll("th")) {
        const title = head.textContent.trim();
        this.order.append(element("option", { value: String(head.cellIndex) }, `${title} \u2191`));
        this.order.append(element("option", { value: `-${head.cellIndex}` }, `${title} \u2193`));
      }
      this.order.addEventListener("change", () => this.change({ sort: this.order.value, page: 1 }));
      label.append(element("span", {}, this.say("sort")), this.order);
      return label;
    }

    facet(name, title, counts) {
      const box = element("details", { class: "inc-facet" });
      const summary = element("summary", {}, title);
      const list = element("div", { class: "inc-facet__values", role: "group", "aria-label": title });
      const order = told(this.dataset.order)[name] || [];
      const place = (value) => (order.includes(value) ? order.indexOf(value) : order.length);
      const values = [...counts.keys()].sort(
        (a, b) => place(a) - place(b) || this.word(name, a).localeCompare(this.word(name, b), LANGUAGE, { numeric: true, sensitivity: "base" }),
      );
      const chips = new Map();
      for (const value of values) {
        const chip = button("", () => {
          const chosen = new Set(this.state.chosen.get(name));
          if (!chosen.delete(value)) chosen.add(value);
          this.change({ page: 1, chosen: new Map(this.state.chosen).set(name, [...chosen]) });
        });
        chip.className = "inc-chip";
        chip.append(element("span", {}, this.word(name, value)), " ", element("span", { class: "inc-count" }, String(counts.get(value))));
        chips.set(value, chip);
        list.append(chip);
      }
      // A few values are shown at once, many behind their name.
      if (values.length <= FEW_VALUES && values.map((value) => this.word(name, value)).join("").length < 60) {
        const row = element("div", { class: "inc-facet inc-facet--open" });
        row.append(element("span", { class: "inc-facet__name" }, title), list);
        this.boxes.set(name, { chips, summary: null, title });
        return row;
      }
      box.append(summary, list);
      box.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { box.open = false; summary.focus(); }
      });
      this.boxes.set(name, { chips, summary, title });
      return box;
    }

    sortable(head) {
      const title = head.textContent.trim();
      const control = button(title, () => {
        const { sort } = this.state;
        const key = String(head.cellIndex);
        this.change({ sort: sort === key ? `-${key}` : sort === `-${key}` ? "" : key, page: 1 });
      });
      control.className = "inc-sort";
      head.replaceChildren(control);
    }

    // The address

    read() {
      const query = new URLSearchParams(location.search);
      const get = (name) => query.get(this.scope + name) || "";
      const chosen = new Map();
      for (const name of Object.keys(this.facets)) {
        const values = query.getAll(this.scope + name);
        if (values.length) chosen.set(name, values);
      }
      const sort = /^-?\d+$/.test(get("sort")) && Math.abs(get("sort")) < this.table.tHead.rows[0].cells.length ? get("sort") : "";
      this.state = { q: get(WORDS), sort, page: Math.max(1, parseInt(get("page"), 10) || 1), chosen };
      this.input.value = this.state.q;
      this.apply();
      this.carry();
    }

    // What is asked of one year is asked of the others, too.
    carry() {
      for (const link of document.querySelectorAll(".inc-years[data-carry] a")) link.search = location.search;
    }

    change(parts) {
      this.state = { ...this.state, ...parts };
      if (this.input.value.trim() !== this.state.q) this.input.value = this.state.q;
      this.apply();
      const query = new URLSearchParams(location.search);
      const names = [WORDS, "sort", "page", ...Object.keys(this.facets)];
      for (const name of names) query.delete(this.scope + name);
      if (this.state.q) query.set(this.scope + WORDS, this.state.q);
      if (this.state.sort) query.set(`${this.scope}sort`, this.state.sort);
      if (this.state.page > 1) query.set(`${this.scope}page`, this.state.page);
      for (const [name, values] of this.state.chosen)
        for (const value of values) query.append(this.scope + name, value);
      const search = query.toString();
      history.replaceState(history.state, "", location.pathname + (search ? `?${search}` : "") + location.hash);
      this.carry();
    }

    // The rows

    passes(row) {
      const words = this.state.q.toLowerCase().split(/\s+/).filter(Boolean);
      return words.every((word) => this.facts.get(row).text.includes(word)) && [...this.state.chosen].every(
        ([name, values]) => !values.length || values.some((value) => (this.facts.get(row).facets[name] || []).includes(value)),
      );
    }

    sorted(rows) {
      const column = Math.abs(parseInt(this.state.sort, 10));
      const turn = this.state.sort.startsWith("-") ? -1 : 1;
      const known = (value) => value !== "" && value !== undefined;
      const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      return [...rows].sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (known(a) !== known(b)) return known(a) ? -1 : 1; // what is not recorded comes last, either way
        const numbers = a !== "" && b !== "" && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
        const order = numbers ? Number(a) - Number(b) : a.localeCompare(b, LANGUAGE, { numeric: true, sensitivity: "base" });
        return order * turn || this.facts.get(one).place - this.facts.get(other).place;
      });
    }

    apply() {
      const { sort } = this.state;
      const rows = this.rows.filter((row) => this.passes(row));
      const shown = sort ? this.sorted(rows) : rows;
      const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
      const page = Math.min(this.state.page, pages);
      const visible = new Set(shown.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE));
      this.shown = shown;
      const matching = new Set(shown);
      if (sort) this.groups[0].body.append(...shown);
      else if (!this.inPlace) for (const group of this.groups) group.body.append(...group.rows);
      this.inPlace = !sort;
      for (const { head, rows: own } of this.groups) {
        if (!head) continue;
        head.hidden = Boolean(sort) || !own.some((row) => visible.has(row));
        head.querySelector(".inc-count").textContent = own.filter((row) => matching.has(row)).length.toLocaleString(LANGUAGE);
      }
      for (const row of this.rows) row.hidden = !visible.has(row);
      this.tell(shown.length, page, pages);
    }

    tell(count, page, pages) {
      const all = this.rows.length;
      const filtered = Boolean(this.state.q) || [...this.state.chosen.values()].some((values) => values.length);
      this.result.textContent = filtered
        ? this.say(count ? "some" : "none", { count: count.toLocaleString(LANGUAGE), all: all.toLocaleString(LANGUAGE) })
        : this.say("all", { all: all.toLocaleString(LANGUAGE) });
      this.order.value = this.state.sort;
      this.clear.hidden = !filtered && !this.state.sort;
      this.bar.hidden = all < FEW_ROWS && !filtered; // a link may filter few rows, too
      for (const [name, { chips, summary, title }] of this.boxes) {
        const chosen = this.state.chosen.get(name) || [];
        for (const [value, chip] of chips) chip.setAttribute("aria-pressed", String(chosen.includes(value)));
        if (summary) summary.textContent = chosen.length ? `${title}: ${chosen.map((value) => this.word(name, value)).join(", ")}` : title;
        if (summary) summary.classList.toggle("inc-facet--chosen", chosen.length > 0);
      }
      for (const head of this.table.tHead.querySelectorAll("th")) {
        const column = String(head.cellIndex);
        if (this.state.sort === column) head.setAttribute("aria-sort", "ascending");
        else if (this.state.sort === `-${column}`) head.setAttribute("aria-sort", "descending");
        else head.removeAttribute("aria-sort");
      }
      this.pager.hidden = pages < 2;
      const turn = (to, text) => {
        const control = button(text, () => { this.change({ page: to }); this.bar.scrollIntoView(); });
        control.disabled = to < 1 || to > pages;
        return control;
      };
      this.pager.replaceChildren(
        turn(page - 1, this.say("previous")),
        element("span", {}, this.say("page", { page: page.toLocaleString(LANGUAGE), pages: pages.toLocaleString(LANGUAGE) })),
        turn(page + 1, this.say("next")),
      );
    }

    // Export: what is shown, on all pages of it

    save() {
      const words = (cell) => {
        const copy = cell.cloneNode(true);
        for (const part of copy.querySelectorAll(".inc-over, .inc-under, br")) part.before(" ");
        const said = copy.textContent.replace(/\s+/g, " ").trim();
        // A spreadsheet would run what begins like a formula; a handle does not look like one.
        const formula = /^[=+\-\t\r]/.test(said) || (said.startsWith("@") && !/^@[\w./-]+(, @[\w./-]+)*$/.test(said));
        return formula ? `'${said}` : said;
      };
      const line = (cells) => [...cells].map((cell) => `"${words(cell).replaceAll('"', '""')}"`).join(",");
      const lines = [line(this.table.tHead.rows[0].cells), ...this.shown.map((row) => line(row.cells))];
      const file = new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
      const link = element("a", { href: URL.createObjectURL(file), download: `${this.dataset.file || "table"}.csv` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 0);
    }
  }

  // A time says UTC; whoever points at it reads it as on their own clock, too.
  document.addEventListener("pointerover", ({ target }) => {
    const time = target.closest?.(".inc time[datetime*='T']");
    if (!time || time.title) return;
    const parts = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
    time.title = new Date(time.dateTime).toLocaleString(undefined, parts);
  });

  // Pagefind's own search, from its files beside this one. Its words stay in the address.
  class IncidentSearch extends HTMLElement {
    async connectedCallback() {
      if (this.begun || location.protocol === "file:") return;
      this.begun = true;
      const places = { bundlePath: new URL("pagefind/", HERE).pathname, baseUrl: new URL("../", HERE).pathname };
      try {
        const engine = await import(new URL("pagefind/pagefind.js", HERE));
        await engine.options(places);
        await engine.filters(); // a search that overtakes them would not offer them
        await loaded("link", { rel: "stylesheet", href: new URL("pagefind/pagefind-ui.css", HERE).href });
        await loaded("script", { src: new URL("pagefind/pagefind-ui.js", HERE).href });
      } catch {
        return; // not indexed: what the page says without a script is true here, too
      }
      this.replaceChildren();
      const search = new PagefindUI({
        element: this,
        ...places,
        pageSize: 10,
        showSubResults: true,
        showImages: false,
        showEmptyFilters: false,
        processResult: (result) => {
          const parts = result.sub_results.filter((part) => part.url !== result.url && part.anchor?.element !== "h1");
          const isAtTop = parts.length < result.sub_results.length; // the heading of a page is its title already
          return { ...result, sub_results: isAtTop ? [{ url: result.url }, ...parts] : parts };
        },
        processTerm: (term) => { this.keep(term); return term; },
      });
      const input = this.querySelector("input");
      input.setAttribute("aria-label", input.title);
      const asked = new URLSearchParams(location.search).get(WORDS);
      if (asked) search.triggerSearch(asked);
    }

    keep(term) {
      const query = new URLSearchParams(location.search);
      query.set(WORDS, term);
      history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
    }
  }

  // What the page says in JSON; its objects have no names but those written there, not even `constructor`.
  function told(json = "{}") {
    const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
    return JSON.parse(json, (_, value) => (isObject(value) ? Object.setPrototypeOf(value, null) : value));
  }

  function loaded(name, attributes) {
    return new Promise((resolve, reject) => {
      const made = element(name, attributes);
      made.addEventListener("load", resolve);
      made.addEventListener("error", reject);
      document.head.append(made);
    });
  }

  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  function button(text, act) {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  }

  if (!customElements.get("incident-search")) customElements.define("incident-search", IncidentSearch);
  if (!customElements.get("incident-table")) customElements.define("incident-table", IncidentTable);
})();
