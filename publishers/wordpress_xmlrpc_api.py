"""Talking to one WordPress by XML-RPC: one request at a time, each answer judged by what it proves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from xmlrpc.client import Binary, Fault

from pydantic import BaseModel, ValidationError
from wordpress_xmlrpc.methods.media import GetMediaItem, GetMediaLibrary, UploadFile
from wordpress_xmlrpc.methods.posts import DeletePost, GetPost, GetPosts, NewPost
from wordpress_xmlrpc.methods.taxonomies import GetTerms
from wordpress_xmlrpc.methods.users import GetProfile

from publishers.base import PublishError, SiteRefused
from publishers.wordpress_api import Answer, Api, ShutOut, SiteFault
from publishers.wordpress_objects import Glance, RemotePost
from publishers.wordpress_search import ALL
from publishers.wordpress_words import BY_STATUS as COMMON
from publishers.wordpress_words import GONE
from publishers.wordpress_xmlrpc_objects import (
    GlanceStruct,
    MediaStruct,
    Option,
    PostStruct,
    Profile,
    Term,
    Uploaded,
)
from publishers.wordpress_xmlrpc_wire import QuietClient, Unreadable, moment, unmarshalled
from publishers.wordpress_xmlrpc_words import (
    BROKEN_ON_THE_WAY,
    BY_STATUS,
    DATABASE,
    DELETE,
    LOGIN,
    MEDIA_GONE,
    OFF,
    OTHER,
    OVERTAKEN,
    ROLE,
    UPLOAD,
)

Thing = TypeVar("Thing", bound=BaseModel)
GONE_CODE = "rest_post_invalid_id"
"""Faults that the REST interface knows too are called by its codes, so that one publisher reads both."""
DATABASE_CODE = "db_update_error"
OVERTAKEN_CODE = "overtaken"
"""The site has changed the post after the time we gave (Fault 409)."""


class XmlRpcApi(Api):
    """The XML-RPC interface of one site. Each call is one request, never repeated, never redirected."""

    def __init__(
        self,
        title: str,
        url: str,
        user: str,
        password: Callable[[], str],
        timeout: float,
        quarantine: float,
        now: Callable[[], datetime],
        endpoint: str = "",
    ) -> None:
        super().__init__(title, url, user, password, timeout, quarantine, now)
        self.endpoint = endpoint or f"{url}/xmlrpc.php"

    # Posts

    def read(self, number: int) -> RemotePost:
        """Read a post. Raises SiteFault `rest_post_invalid_id` when there is none."""
        made = GetPost(number, ["post", "terms"], results_class=PostStruct.model_validate)
        answer = self._ask(lambda client: client.call(made), {404: (GONE_CODE, GONE)})
        return self._is(PostStruct, answer).remote(self.server_time)

    def search(self, words: str) -> list[RemotePost]:
        """Return the posts with `words` in their text, in every state; `any` leaves out the trash."""
        found: list[RemotePost] = []
        for status in ("any", "trash"):
            wanted = {"s": words, "post_status": status, "number": 100, "post_type": "post"}
            made = GetPosts(wanted, ["post", "terms"], results_class=PostStruct.model_validate)
            held = self._list(PostStruct, self._call_one(made))
            found += [one.remote(self.server_time) for one in held]
        return found

    def glances(self, number: int, offset: int) -> list[Glance]:
        """Return one page of all stories in every state, the newest first, without their texts."""
        fields = ["post_id", "post_status", "post_date_gmt", "post_modified_gmt"]
        made = GetPosts(_page(number, offset), fields, results_class=GlanceStruct.model_validate)
        found = self._list(GlanceStruct, self._call_one(made))
        return [one.glance(self.server_time) for one in found]

    def texts(self, number: int, offset: int) -> list[RemotePost]:
        """Return one page of all stories in every state, the newest first."""
        made = GetPosts(_page(number, offset), ["post"], results_class=PostStruct.model_validate)
        return [one.remote(self.server_time) for one in self._list(PostStruct, self._call_one(made))]

    def make(self, struct: Mapping[str, Any]) -> int:
        """Make a post and return its number."""
        faults = {500: (DATABASE_CODE, DATABASE)}
        answer = self._ask(lambda client: client.call(NewPost(dict(struct))), faults, write=True)
        return self._number(answer)

    def edit(self, number: int, struct: Mapping[str, Any], unless_changed_since: str = "") -> None:
        """Change only what `struct` names. Given a time, the site refuses when the post was changed after it.

        Never by the library's EditPost: it sends a title of its own making with every change.
        """
        sent = dict(struct)
        if unless_changed_since:
            sent["if_not_modified_since"] = moment(unless_changed_since)
        faults = {
            404: (GONE_CODE, GONE),
            409: (OVERTAKEN_CODE, OVERTAKEN),
            500: (DATABASE_CODE, DATABASE),
        }
        done = self._ask(lambda client: client.say("wp.editPost", number, sent), faults, write=True)
        if done is not True:
            raise self._lost(COMMON["garbage"], write=True)

    def delete_one(self, number: int) -> None:
        """Take one step of deletion: what has a trash goes there first. Nothing to delete is success."""
        try:
            self._ask(lambda client: client.call(DeletePost(number)), {500: ("delete", DELETE)}, write=True)
        except SiteFault as fault:
            if fault.code != "404":
                raise

    # Photos

    def library(self, parent: int) -> list[MediaStruct]:
        """Return the attachments of a post."""
        made = GetMediaLibrary({"parent_id": parent}, results_class=MediaStruct.model_validate)
        return self._list(MediaStruct, self._call_one(made))

    def item(self, number: int) -> MediaStruct | None:
        """Return one attachment, in the trash too; None when there is none."""
        made = GetMediaItem(number, results_class=MediaStruct.model_validate)
        try:
            answer = self._ask(lambda client: client.call(made), {404: ("404", MEDIA_GONE)})
        except SiteFault as fault:
            if fault.code != "404":
                raise
            return None
        return self._is(MediaStruct, answer)

    def send_photo(self, name: str, data: bytes, parent: int) -> int:
        """Upload a JPEG as an attachment of `parent` and return its number; never over another file."""
        struct = {
            "name": name,
            "type": "image/jpeg",
            "bits": Binary(data),
            "overwrite": False,
            "post_id": parent,
        }
        made = UploadFile(struct, results_class=Uploaded.model_validate)
        answer = self._ask(lambda client: client.call(made), {500: ("upload", UPLOAD)}, write=True)
        return self._is(Uploaded, answer, write=True).id

    # Terms, rights, settings of the site

    def terms(self, taxonomy: str, search: str = "") -> list[Term]:
        wanted = {"search": search} if search else {}
        made = GetTerms(taxonomy, wanted, results_class=Term.model_validate)
        return self._list(Term, self._call_one(made))

    def make_term(self, taxonomy: str, name: str) -> int:
        struct = {"taxonomy": taxonomy, "name": name}
        return self._number(self._ask(lambda client: client.say("wp.newTerm", struct), write=True))

    def roles(self) -> list[str]:
        made = GetProfile(["roles"], results_class=Profile.model_validate)
        return self._is(Profile, self._call_one(made)).roles

    def options(self, *names: str) -> dict[str, str]:
        """Return settings of the site, those that it tells."""
        answer = self._ask(lambda client: client.say("wp.getOptions", list(names)))
        if not isinstance(answer, dict):
            raise self._lost(COMMON["garbage"], write=False)
        return {name: str(self._fits(Option, value, write=False).value) for name, value in answer.items()}

    def methods(self) -> list[str]:
        """Return what the site offers to somebody who has not signed in."""
        answer = self._ask(lambda client: client.server.system.listMethods())
        if not isinstance(answer, list):
            raise self._lost(COMMON["garbage"], write=False)
        return [str(one) for one in answer]

    # What a call stands on

    def _call_one(self, method: Any) -> Any:
        """Read by one of the library's methods."""
        return self._ask(lambda client: client.call(method))

    def _ask(
        self,
        act: Callable[[QuietClient], Any],
        faults: Mapping[int, tuple[str, str]] | None = None,
        *,
        write: bool = False,
    ) -> Any:
        """Send one request. `faults` says what a fault's number means for this method, beyond the usual."""
        answers: list[Answer] = []

        def send(body: bytes) -> bytes:
            headers = {"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml"}
            answer = self._request(
                "POST", self.endpoint, "", {}, write=write, signed=False, headers=headers, data=body
            )
            answers.append(answer)
            self._stop_at_front(answer, write=write)
            return answer.body

        try:
            return act(QuietClient(self.endpoint, self._user, self._secret(), send))
        except Fault as fault:
            raise self._fault_of(fault, faults or {}) from fault
        except (Unreadable, ValidationError) as error:
            if answers and answers[-1].status != 200:
                raise self._front(answers[-1], write=write) from error
            raise self._lost(COMMON["garbage"], write=write) from error

    def _stop_at_front(self, answer: Answer, *, write: bool) -> None:
        """Raise what an answer means that is not WordPress' own, or that must not be believed."""
        if 300 <= answer.status < 400:
            target = answer.headers.get("Location", "?")[:200]
            raise SiteRefused(COMMON["redirect"].format(title=self.title, url=self.endpoint, target=target))
        if answer.status != 200:
            # With XML-RPC switched off WordPress gives its fault a status of its own.
            try:
                unmarshalled(answer.body)
            except Fault:
                if answer.status < 500 and answer.status != 429:
                    return
            except Unreadable:
                pass
            raise self._front(answer, write=write)

    def _front(self, answer: Answer, *, write: bool) -> PublishError:
        error = super()._front(answer, write=write)
        if answer.status in BY_STATUS:
            words = BY_STATUS[answer.status].format(title=self.title, endpoint=self.endpoint)
            return type(error)(words, wait=error.wait)
        return error

    def _fault_of(self, fault: Fault, meanings: Mapping[int, tuple[str, str]]) -> SiteFault:
        """Say what a fault means by its number; its words are in the site's language."""
        number = fault.faultCode
        usual = {403: LOGIN, 405: OFF, -32601: OFF, 401: ROLE}
        words = usual.get(number, BROKEN_ON_THE_WAY if -32800 < number < -32600 else OTHER)
        code, words = meanings.get(number, (str(number), words))
        said = " ".join(str(fault.faultString).split())[:200]
        kind = ShutOut if number not in meanings and number in (403, 405, -32601) else SiteFault
        return kind(words.format(title=self.title, said=said, code=number), code)

    def _is(self, kind: type[Thing], answer: Any, *, write: bool = False) -> Thing:
        if not isinstance(answer, kind):
            raise self._lost(COMMON["garbage"], write=write)
        return answer

    def _list(self, kind: type[Thing], answer: Any) -> list[Thing]:
        if not isinstance(answer, list):
            raise self._lost(COMMON["garbage"], write=False)
        return [self._is(kind, one) for one in answer]

    def _number(self, answer: Any) -> int:
        """Return the number of what was written. Only an answer that names it is believed."""
        if not isinstance(answer, str | int) or isinstance(answer, bool) or not str(answer).isdecimal():
            raise self._lost(COMMON["garbage"], write=True)
        return int(answer)


def _page(number: int, offset: int) -> dict[str, Any]:
    return {"post_type": "post", "post_status": ALL, "number": number, "offset": offset, "orderby": "ID"}
