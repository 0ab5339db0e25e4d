"""Three real WordPress sites for tests, and ways to make them misbehave.

Use in a test module::

    pytest_plugins = ("tests.real.wordpress.fixtures",)
    pytestmark = pytest.mark.real

    def test_…(sites):                 # all three, empty again for every test
        kota, dinas, media = sites
    def test_…(kota):                  # the first one only
    def test_…(newest):                # one of the newest WordPress that Debian's newer suites have

- `kota`: Asia/Jakarta, Indonesian. `dinas`: UTC, English. `media`: Asia/Makassar, Indonesian,
  with old tables that hold no emoji. All of one WordPress version, a database each, four workers each, wp-cron off, no outside requests.

A `WordPressSite` has

- `url`, `passwords` (application passwords of `admin`, `redaksi` (editor), `penulis` (author), `kontributor`),
  `categories` ({"default": …, "Ekonomi": …}), `password_file` (of `redaksi`).
- `settings(**changes)`: the site's keys as they stand in settings.yaml; `publisher(now=…, **changes)`: built
  from them.
- `posts(status=None)`, `media()`: rows of the database, all statuses, oldest first; `files()`: what lies in
  the uploads folder.
- `get(url)`: what an anonymous visitor gets, as a `requests.Response`.
- `php(code)`: runs PHP inside WordPress (a hand at the site: `wp_trash_post(5);`) and returns its output.
- `requests(method="", route="", agent="")`: what WordPress was asked since the reset, matched by regular expressions
  on the address and on what the asker calls itself.
- `down()`: a context in which the site is not there.
- `fault(do, at="before", method="POST", route="", times=1, skip=0, …)` makes the next matching requests fail
  and returns a `Fault` with `hits` and `release()`. `agent` is a regular expression on who asks. `route` is a regular expression on the address with its
  query; of XML-RPC `/xmlrpc.php?wp.editPost=12&post_title,…`: method, number, names of fields. `at`: `before` WordPress does anything, at the `row` (post or attachment inserted, its photo, terms,
  alt text and sizes not yet), `sizes` (an attachment's row is there, its sizes not), `after` everything is
  written. `do`:
    - `stall` until `release()` (or the reset), at most `seconds`; then the request goes on. With a small `timeout` in the
      publisher's settings this is the answer that never came.
    - `die`: PHP ends with a fatal error (500).
    - `answer`, with `status=`, `body=`, `headers=`: a wall or gateway answers instead.
    - `rewrite`, `at="save"`: a plugin that puts its own words before every text.
    - `hand`, with PHP in `body=`: somebody at the site (or a plugin) does that just before the request is worked on.
    - `cut`: the connection ends in the middle; `empty`, `truncate`, `pollute`: the body does.

- `baru` (the fixture `newest`): like `kota`, on the newest WordPress; where it cannot be had, its tests fail.

Every test starts from the same database and empty uploads. WordPress is unpacked once into `.cache/wordpress`
of the checkout from the Debian packages named in `tests/real/packages/wordpress.txt`.
"""

from tests.real.wordpress.site import Fault, WordPressSite

__all__ = ["Fault", "WordPressSite"]
