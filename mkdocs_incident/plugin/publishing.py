"""What of ours is in the site, and where."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, set_exclusions

from mkdocs_incident.corpus import NOT_RECORDS, Corpus
from mkdocs_incident.files import is_markdown, walk
from mkdocs_incident.pages.index_pages import DrawnPage
from mkdocs_incident.policy import Policy
from mkdocs_incident.source.document import Document

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = get_plugin_logger("incident")


class Published:
    """The files of a build, with ours among them."""

    def __init__(self, files: Files, config: MkDocsConfig, policy: Policy) -> None:
        """Take MkDocs' files, which are added to."""
        self.documents: dict[str, Document] = {}
        """By address as if it stood in the docs folder."""
        self.drawn: dict[str, DrawnPage] = {}
        """Likewise."""
        self.uris: dict[str, str] = {}
        """Path of each file below the sources → such an address."""
        self._files = files
        self._config = config
        self._policy = policy
        self._taken = {file.dest_uri: file for file in files}

    def __contains__(self, uri: str) -> bool:
        """Return whether we draw the page at an address."""
        return uri in self.documents or uri in self.drawn

    def add_page(self, page: DrawnPage, title: str, *, in_nav: bool) -> None:
        """Publish a page that is no record's, with a title in Markdown."""
        file = File.generated(self._config, page.uri, content=f"# {title}\n")
        if not in_nav:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        if self._add(file):
            self.drawn[page.uri] = page

    def add_text(self, uri: str, content: str) -> None:
        """Publish a file that is no page."""
        self._add(File.generated(self._config, uri, content=content))

    def add_asset(self, uri: str, source: Path) -> None:
        """Publish a file of ours, which one of the user's own replaces."""
        asset = File.generated(self._config, uri, abs_src_path=str(source))
        if asset.dest_uri not in self._taken:
            self._files.append(asset)

    def add_sources(self, corpus: Corpus) -> None:
        """Publish records and what lies beside them."""
        known = {document.path: document for document in corpus.documents}
        docs = Path(self._config.docs_dir).absolute()
        for path, nature in walk(self._policy):
            source = self._policy.root / path
            if (
                nature not in {"file", "link"}
                or not source.is_file()
                or not os.access(source, os.R_OK)
            ):
                continue
            introduces = Path(path).stem.lower() in NOT_RECORDS
            if is_markdown(path) and path not in known and not introduces:
                continue  # another name of a record, which is published under its own
            inside = source.is_relative_to(docs)
            uri = source.relative_to(docs).as_posix() if inside else path
            file = self._files.get_file_from_path(uri) if inside else None
            if file is None:
                file = File.generated(self._config, uri, abs_src_path=str(source))
                file.edit_uri = Path(os.path.relpath(source, docs)).as_posix()
                if not self._add(file):
                    continue
            # So that `exclude_docs` and `draft_docs` count here, too.
            set_exclusions([file], self._config)
            if file.inclusion is InclusionLevel.INCLUDED:
                file.inclusion = InclusionLevel.NOT_IN_NAV
            self.uris[path] = uri
            if path in known:
                self.documents[uri] = known[path]

    def _add(self, file: File) -> bool:
        """Add a file, unless another one has its address already: that one stays, said aloud."""
        other = self._taken.get(file.dest_uri)
        if other is not None:
            there = other.src_uri
            if other.abs_src_path:
                there = Path(os.path.relpath(other.abs_src_path, self._policy.root)).as_posix()
            log.warning("`%s` is left out: `%s` is published at the same address, `%s`",
                        file.src_uri, there, file.url)  # fmt: skip
            return False
        self._taken[file.dest_uri] = file
        self._files.append(file)
        return True

    def url(self, path: str, hidden: Collection[InclusionLevel], here: str = "") -> str | None:
        """Return where a file below the sources, or another of the site, is published.

        Args:
            path: of the file, relative to the repository; or its address.
            hidden: levels of what counts as not published.
            here: address of the page that the URL counts from; the site's root without one.
        """
        file = self._files.get_file_from_path(self.uris.get(path, path))
        if file is None or file.inclusion in hidden:
            return None
        page = self._files.get_file_from_path(here) if here else None
        return file.url if page is None else file.url_relative_to(page)
