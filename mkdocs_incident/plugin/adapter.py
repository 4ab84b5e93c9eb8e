"""The hooks: what MkDocs asks, and what it is given."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.utils import get_markdown_title, meta

from mkdocs_incident.baseline import load_baseline
from mkdocs_incident.cache.store import forget_all
from mkdocs_incident.check import check
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.file_names import BASELINE_NAME
from mkdocs_incident.judging.memory import Memory
from mkdocs_incident.language import ENGLISH, gettext, speaking
from mkdocs_incident.pages import pagefind, records
from mkdocs_incident.pages.backlinks import Backlink, TextPage, backlinks
from mkdocs_incident.pages.empty_sections import shown_body
from mkdocs_incident.pages.environment import SCRIPT, STYLESHEET, Url, environment
from mkdocs_incident.pages.feeds import feed_files
from mkdocs_incident.pages.index_pages import INDEX_PAGES, DrawnPage, IndexPage, drawn_pages
from mkdocs_incident.pages.labels import labels_of
from mkdocs_incident.pages.list_layout import for_python_markdown
from mkdocs_incident.pages.own_templates import TemplateMistakeError, replaces_any
from mkdocs_incident.pages.record_links import LinkedIds, RecordLinks, Target
from mkdocs_incident.pages.search_index import only_words, put_back, set_aside, with_markup
from mkdocs_incident.pages.site import Site
from mkdocs_incident.plugin.contents import extend_contents
from mkdocs_incident.plugin.drawing import Drawings
from mkdocs_incident.plugin.findings import Findings, refusal
from mkdocs_incident.plugin.language import chosen_language
from mkdocs_incident.plugin.navigation import texts_in, with_entry
from mkdocs_incident.plugin.options import IncidentConfig
from mkdocs_incident.plugin.publishing import Published
from mkdocs_incident.plugin.tags import tags_of
from mkdocs_incident.policy import Policy, PolicyError, find_config, load_policy
from mkdocs_incident.records import Incident, Runbook
from mkdocs_incident.workers import pays

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = get_plugin_logger("incident")

STYLESHEET_URI = "assets/incident.css"
SCRIPT_URI = "assets/incident.js"


class IncidentPlugin(BasePlugin[IncidentConfig]):  # type: ignore[no-untyped-call]
    """Publishes records from outside of the docs folder, with index pages and cross-links."""

    def __init__(self) -> None:
        self._serving = False
        self._is_whole = True
        self._language = ENGLISH
        self._policy = Policy()
        self._site: Site | None = None
        self._findings = Findings()
        self._published: Published  # from `on_files` on
        self._backlinks: dict[str, list[Backlink]] = {}
        self._drawings = Drawings(self._draw, [])
        self._is_ours = True  # each template that draws a record
        self._ids = LinkedIds()
        self._aside: list[str] = []  # of the page that the search is about to read
        self._markup: list[tuple[str, str]] = []  # likewise

    # Having this hook also keeps the plugin object through all builds of one `serve`.
    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether somebody is drafting: a served site is never stopped by a finding."""
        self._serving = command == "serve"
        self._is_whole = not dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Register what must be known before files are read: stylesheet, id links, navigation."""
        if self.config.pagefind:
            try:
                pagefind.require()
            except pagefind.NotInstalledError:
                raise PluginError(
                    "incident: `pagefind: true` needs a package that is not installed here: "
                    "pip install 'mkdocs-incident[pagefind]'"
                ) from None
        if STYLESHEET_URI not in config.extra_css:
            config.extra_css.insert(0, STYLESHEET_URI)  # so that a project's own comes after it
        if SCRIPT_URI not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT_URI)
        self._ids = LinkedIds()
        extensions: list[Any] = config.markdown_extensions  # Markdown takes names and objects
        extensions[:] = [ext for ext in extensions if not isinstance(ext, RecordLinks)]
        extensions.append(RecordLinks(self._ids))
        self._refuse_pages_at_one_address()
        self._language = chosen_language(self.config, config.theme)
        with speaking(self._language):
            home = gettext("Knowledge base")
            pages = [
                {self.config.titles[page.name] or gettext(page.title): uri}
                for page, uri in self._index_pages()
            ]
        if pages and self.config.nav and config.nav is not None and not self._listed(config.nav):
            config.nav = with_entry(config.nav, {home: pages})
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Read and judge the records before the old site is removed."""
        root = Path(config.config_file_path or "mkdocs.yml").absolute().parent
        chosen = Path(self.config.config) if self.config.config else find_config(root)
        custom = config.theme.custom_dir
        try:
            self._policy = load_policy(chosen, root)
            memory = Memory(self._policy, with_texts=True) if self.config.cache else None
            corpus = memory.corpus() if memory is not None else load_corpus(self._policy)
            as_of = self.config.as_of or datetime.now(UTC)
            templates = environment(self._policy.levels, Path(custom) if custom else None)
            self._is_ours = not custom or not replaces_any(
                templates, Path(custom), records.TEMPLATE, records.PARTS
            )
            index = {page.name: uri for page, uri in self._index_pages()}
            baseline = load_baseline(self._policy.root)
            outcome = check(corpus, as_of, baseline=baseline, memory=memory)
            self._site = Site(corpus, as_of, templates, index, known=outcome.known)
        except PolicyError as error:
            raise refusal(error) from error
        self._findings = Findings(outcome.diagnostics, outcome.waived)
        if self.config.on_findings != "ignore":
            self._findings.log(may_fail=self.config.on_findings == "fail" and not self._serving)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Publish index pages, records and what lies beside them, each at its own path."""
        site = self._built()
        published = self._published = Published(files, config, self._policy)
        with speaking(self._language):
            pages = list(drawn_pages(site))
        listed = self._listed(config.nav)
        for page in pages:
            hidden = not self.config.nav or (config.nav is not None and page.uri not in listed)
            in_nav = page.is_index and not hidden
            published.add_page(page, _as_text(self._title_of(page)), in_nav=in_nav)
        published.add_asset(STYLESHEET_URI, STYLESHEET)
        published.add_asset(SCRIPT_URI, SCRIPT)
        published.add_sources(site.corpus)
        if self.config.feeds:
            self._publish_feeds(config)
        corpus = site.corpus
        records_by_id: dict[str, Incident | Runbook] = {
            **corpus.incident_by_id,
            **corpus.runbook_by_id,
        }
        self._ids.targets = {
            ident: Target(published.uris[record.document.path], record.title)
            for ident, record in records_by_id.items()
            if record.document.path in published.uris
        }
        return files

    def _publish_feeds(self, config: MkDocsConfig) -> None:
        def address(path: str) -> str | None:
            url = self._published.url(path, {InclusionLevel.EXCLUDED})
            return urljoin(config.site_url, url) if config.site_url and url is not None else url

        folder = "" if self.config.folder == "." else f"{self.config.folder}/"
        base = urljoin(config.site_url, folder) if config.site_url else None
        with speaking(self._language):
            feeds = list(feed_files(self._built(), config.site_name, address, base))
        for name, content in feeds:
            self._published.add_text(f"{folder}{name}", content)

    # Late, so that pages that other plugins add are read for links, too.
    @event_priority(-100)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Find out what links to which record, from sources: a dirty build renders only some pages."""
        del config
        pages = [
            _text_page(file)
            for file in files.documentation_pages()
            if file.src_uri not in self._published
        ]
        uris = {document.path: uri for uri, document in self._published.documents.items()}
        self._backlinks = backlinks(self._built().corpus, uris, filter(None, pages))
        is_built = InclusionLevel.is_in_serve if self._serving else InclusionLevel.is_included
        ours = [
            file.src_uri
            for file in files.documentation_pages(inclusion=is_built)
            if file.src_uri in self._published
        ]
        if not self._is_whole:
            ours = []
        elif not self._is_ours:
            ours = [uri for uri in ours if uri in self._published.drawn]
        if pays(ours):
            self._built().prepare()
        self._drawings = Drawings(self._draw, ours)
        return nav

    def _draw(self, uri: str, body: str | None = None) -> str:
        """Return one of our pages, a record's with a body that is known."""
        site, url = self._built(), self._url(uri)
        with speaking(self._language), _told_plainly():
            if drawn := self._published.drawn.get(uri):
                return drawn.draw(site, url)
            document = self._published.documents[uri]
            shown = self._serving or self.config.on_findings == "warn"
            findings = self._findings.of(document.path) if shown else ()
            waived = self._findings.waived_in(document.path)
            links = self._backlinks.get(document.path, [])
            page = records.RecordPage(document, findings, waived, links)
            if body is not None:
                return records.draw_with_body(site, url, page, body)
            return records.draw_around(site, url, page)

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:
        """Resolve ``docs/../incidents`` in an edit link where it stands in a query."""
        del config, files
        while page.edit_url and page.edit_url != (
            shorter := re.sub(r"(?<=[/=])[^/=?]+/\.\./", "", page.edit_url, count=1)
        ):
            page.edit_url = shorter
        return page

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Return a record's body; MkDocs would read front matter its own way, or print it."""
        del config
        document = self._published.documents.get(page.file.src_uri)
        # A blank first line keeps `Key: value` lines at the top of a body from being taken for metadata.
        return None if document is None else "\n" + for_python_markdown(shown_body(document))

    # First, so that plugins that read `page.meta` find it: Material takes tags at -50.
    @event_priority(100)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Give a record's page its title and page keys; note where ids are linked from."""
        del files
        self._ids.here = page.file.src_uri
        document = self._published.documents.get(page.file.src_uri)
        if document is not None:
            with speaking(self._language):
                tags = tags_of(self._built(), document, config) if self.config.tags else None
            # The macros plugin would run a record's text as a template.
            page.meta = {**records.page_meta(document, tags), "render_macros": False}
        elif page.file.src_uri in self._published.drawn:
            title = self._title_of(self._published.drawn[page.file.src_uri])
            page.meta.update({"hide": ["toc"], "title": escape(title)})
        return markdown

    # First, so that what other plugins add to the page is not taken for the record's own text.
    @event_priority(100)
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Draw the page around the body."""
        del config, files
        uri = page.file.src_uri
        if uri in self._published.drawn:
            return html + self._drawings.take(uri)
        document = self._published.documents.get(uri)
        if document is None:
            return html
        if self._is_ours:
            with speaking(self._language):
                drawn = records.with_body(self._drawings.take(uri), html, document)
        else:
            drawn = self._draw(uri, html)
        extend_contents(page, drawn)
        return drawn

    # Search plugins read the content of a page in this event: MkDocs' own and Material's, at 0.
    @event_priority(100)
    def _before_the_search(self, context: TemplateContext, /, *, page: Page, **_: Any) -> None:
        del context
        uri = page.file.src_uri
        self._aside, self._markup = [], []
        if page.content and uri in self._published:
            rest, self._aside = set_aside(page.content, lists=uri in self._published.drawn)
            page.content, self._markup = only_words(rest)

    @event_priority(-100)
    def _after_the_search(self, context: TemplateContext, /, *, page: Page, **_: Any) -> None:
        del context
        if page.content and page.file.src_uri in self._published:
            hide = self.config.pagefind
            parts = [pagefind.ignored(part) for part in self._aside] if hide else self._aside
            page.content = put_back(with_markup(page.content, self._markup), parts)

    on_page_context = CombinedEvent(_before_the_search, _after_the_search)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Tell Pagefind what it is to know of a page; it reads none without."""
        del config
        uri = page.file.src_uri
        drawn = self._published.drawn.get(uri)
        if not self.config.pagefind or (drawn is not None and drawn.index == "search"):
            return output
        document = self._published.documents.get(uri)
        title = str(page.meta.get("title") or page.title or "")
        with speaking(self._language):
            labels = labels_of(self._built(), document) if document is not None else None
            return pagefind.marked_page(output, title, labels)

    # Last, when other plugins have written their pages.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Index the site, of a served one each build, too: that takes an eighth of the build's time."""
        self._drawings.close()
        if self.config.pagefind:
            pagefind.index(Path(config.site_dir))

    def on_build_error(self, *, error: Exception) -> None:
        """End what is still being drawn; after an error of ours, forget what may have led to it."""
        self._drawings.close()
        if not isinstance(error, MkDocsException):
            forget_all()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Rebuild when a record, the policy or an alert's rule changes; what is there is watched."""
        del config, builder
        rules = (file.source.path for file in self._built().corpus.alert_rule_files)
        names = [
            *self._policy.sources,
            *filter(None, [self._policy.config_name]),
            BASELINE_NAME,
            *rules,
        ]
        for path in (self._policy.root / name for name in names):
            if path.exists():
                server.watch(str(path))
        return server

    def _built(self) -> Site:
        if self._site is None:
            raise PluginError("incident: records are read in on_pre_build, which was not called")
        return self._site

    def _index_pages(self) -> list[tuple[IndexPage, str]]:
        """Return the index pages that the site has, each with its address."""
        found = []
        for page in INDEX_PAGES:
            chosen = self.config.pages[page.name]
            if page.name == "search" and not self.config.pagefind:
                continue
            if chosen is not False:
                usual = posixpath.normpath(posixpath.join(self.config.folder, page.file))
                found.append((page, chosen or usual))
        return found

    def _refuse_pages_at_one_address(self) -> None:
        places: dict[str, str] = {}
        for page, uri in self._index_pages():
            other = places.setdefault(uri, page.name)
            if other != page.name:
                raise PluginError(
                    f"incident: the option `pages` puts `{other}` and `{page.name}` at the same "
                    f"address, `{uri}`"
                )

    def _title_of(self, page: DrawnPage) -> str:
        chosen = self.config.titles[page.index] if page.is_index else None
        return chosen or page.title

    def _listed(self, nav: Any) -> set[str]:
        """Return the index pages that a navigation lists."""
        return {uri for _, uri in self._index_pages()}.intersection(texts_in(nav))

    def _url(self, uri: str) -> Url:
        hidden = {InclusionLevel.EXCLUDED}
        if not self._serving:
            hidden.add(InclusionLevel.DRAFT)

        @cache  # a table names the same few services and owners in each row
        def url(path: str) -> str | None:
            return self._published.url(path, hidden, uri)

        return url


def _as_text(title: str) -> str:
    """Return a title as Markdown that means these characters and nothing else."""
    return "".join(char if char.isalnum() or char == " " else f"&#{ord(char)};" for char in title)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn a mistake in a project's own template into a line that says where it is."""
    try:
        yield
    except TemplateMistakeError as error:
        log.debug("How it came to that:", exc_info=error.__cause__)  # `mkdocs build --verbose`
        raise PluginError(f"incident: {error}") from error


def _text_page(file: File) -> TextPage | None:
    """Read a page for its links; one that can't be read is MkDocs' to report."""
    try:
        text, data = meta.get_data(file.content_string)
    except (OSError, ValueError):
        return None
    title = data.get("title") or get_markdown_title(text) or file.name
    return TextPage(file.src_uri, str(title), text)
