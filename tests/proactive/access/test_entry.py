"""Laws of entry: who comes in, how often one may try, and what an answer tells about who lives here."""

from __future__ import annotations

from functools import partial

import pytest

from proactive.access import entry, password, token
from proactive.access.entry import Came, Denied
from proactive.access.patience import network_of
from proactive.account import IDLE, INVITED, OLDEST
from proactive.store import Store
from rules.home import Home, Person
from rules.units import DAY, HOUR, MINUTE
from tests.proactive.conftest import at

NOW = at("2026-03-09T08:00:00-05:00")
SECRET = "plum boat seven"


def begin(store: Store, maple: Home, now: int = NOW) -> Came:
    return entry.begin(store, maple, "person.greg", "Greg", SECRET, device="Firefox", now=now)


def sign_in(store: Store, secret: str = SECRET, name: str = "greg", address: str = "a", now: int = NOW) -> Came:
    return entry.sign_in(store, name, secret, address=address, device="Safari on iPhone", now=now)


def refused(store: Store, now: int = NOW, **given: str) -> Denied:
    with pytest.raises(Denied) as denied:
        sign_in(store, now=now, **given)
    return denied.value


def test_the_first_person_comes_in_and_no_second_one_does_so_again(store: Store, maple: Home) -> None:
    assert begin(store, maple).session.person == "person.greg"
    with pytest.raises(Denied, match="already"):
        entry.begin(store, maple, "person.maya", "Maya", SECRET, device="", now=NOW)


def test_a_name_is_known_in_any_case_and_with_spaces_around(store: Store, maple: Home) -> None:
    begin(store, maple)
    assert sign_in(store, name="  GREG ").session.home == "maple"


def test_an_answer_does_not_tell_who_exists(store: Store, maple: Home) -> None:
    begin(store, maple)
    assert refused(store, secret="wrong").words == refused(store, name="nobody").words == entry.WRONG
    for name in ("greg", "nobody"):
        for _ in range(6):
            refused(store, name=name, secret="wrong", address=name)
    assert refused(store, name="greg", address="greg").words == refused(store, name="nobody", address="nobody").words


def test_after_five_failures_even_the_right_password_waits_and_then_works(store: Store, maple: Home) -> None:
    begin(store, maple)
    for _ in range(5):
        assert refused(store, secret="wrong").wait == 0
    locked = refused(store)
    assert locked.words == "Too many tries. Wait 30 seconds, then try again." and locked.wait > 0
    assert sign_in(store, now=NOW + MINUTE).session.person == "person.greg"


def test_waits_grow_and_end(store: Store, maple: Home) -> None:
    begin(store, maple)
    now, waits = NOW, []
    for _ in range(24):
        wait = refused(store, secret="wrong", now=now).wait
        waits.append(wait)
        now += wait
    assert max(waits) == 15 * MINUTE and sign_in(store, now=now + HOUR).session.person


def test_somebody_elsewhere_does_not_lock_a_person_out(store: Store, maple: Home) -> None:
    begin(store, maple)
    for _ in range(12):
        refused(store, secret="wrong", address="elsewhere")
    assert sign_in(store, address="at home").session.person == "person.greg"


def test_an_address_that_tries_many_names_waits(store: Store) -> None:
    for number in range(20):
        assert refused(store, name=f"name {number}").wait == 0
    assert refused(store, name="one more").wait > 0


def test_all_the_addresses_of_one_household_are_one(store: Store) -> None:
    assert network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::7")
    assert network_of("192.0.2.7") == "192.0.2.7" and network_of("testclient") == "testclient"
    for number in range(20):
        refused(store, name=f"name {number}", address=f"2001:db8::{number}")
    assert refused(store, name="one more", address="2001:db8::ffff").wait > 0


def test_a_session_ends_when_it_is_not_used_and_in_any_case_after_a_year(store: Store, maple: Home) -> None:
    came = begin(store, maple)
    assert store.session(came.session.id, NOW + IDLE - 1) and store.session(came.session.id, NOW + IDLE) is None
    for day in range(0, 400, 20):
        store.touch_session(came.session.id, NOW + day * DAY)
    assert store.session(came.session.id, NOW + OLDEST) is None


def test_the_store_keeps_no_token_and_no_password(store: Store, maple: Home) -> None:
    came = begin(store, maple)
    account = store.accounts("maple")[0]
    assert (
        came.token not in str(came.session) and SECRET not in str(account) and account.password.startswith("$argon2id$")
    )


def test_every_sign_in_has_a_token_of_its_own_and_all_end_together(store: Store, maple: Home) -> None:
    came, again = begin(store, maple), sign_in(store)
    assert came.token != again.token and len(store.sessions(came.session.account, NOW)) == 2
    assert store.end_sessions(came.session.account) == 2 and store.session(again.session.id, NOW) is None


def test_another_password_ends_every_session_but_the_new_one(store: Store, maple: Home) -> None:
    came = begin(store, maple)
    account = store.accounts("maple")[0]
    with pytest.raises(Denied):
        entry.change_password(store, account, "wrong", "another good one", address="a", device="", now=NOW)
    new = entry.change_password(store, account, SECRET, "another good one", address="a", device="", now=NOW)
    assert store.session(came.session.id, NOW) is None and store.session(new.session.id, NOW)
    assert refused(store).words == entry.WRONG and sign_in(store, "another good one").token


def test_the_password_is_not_guessed_where_it_is_changed_either(store: Store, maple: Home) -> None:
    begin(store, maple)
    account = store.accounts("maple")[0]
    change = partial(entry.change_password, store, account, new="another good one", address="a", device="", now=NOW)
    for _ in range(5):
        with pytest.raises(Denied, match="not your password now"):
            change(old="wrong")
    with pytest.raises(Denied, match="Too many tries"):
        change(old=SECRET)
    assert refused(store).wait > 0, "nor is signing in a way around the wait"


def test_an_invitation_lets_one_person_in_once_in_the_role_it_carries(store: Store, maple: Home) -> None:
    begin(store, maple)
    _, link = entry.invite(store, maple, "person.ana", "Ana", "guest", by="person.greg", now=NOW)
    came = entry.accept(store, link, "ana", SECRET, device="", now=NOW + HOUR)
    ana = store.export_home("maple").by_id["person.ana"]
    assert came.session.person == "person.ana" and isinstance(ana, Person) and ana.standing == "guest"
    with pytest.raises(Denied, match="not good any more"):
        entry.accept(store, link, "ana2", SECRET, device="", now=NOW + HOUR)


def test_an_invitation_ends_and_a_new_one_takes_its_place(store: Store, maple: Home) -> None:
    _, link = entry.invite(store, maple, "person.zoe", "Zoe", "child", by="person.greg", now=NOW)
    _, newer = entry.invite(store, maple, "person.zoe", "Zoe", "child", by="person.greg", now=NOW)
    assert store.invitation(token.digest(link), NOW) is None
    with pytest.raises(Denied, match="not good any more"):
        entry.accept(store, newer, "zoe", SECRET, device="", now=NOW + INVITED)


def test_an_invitation_to_somebody_listed_gives_the_role_and_keeps_the_rest(store: Store, maple: Home) -> None:
    _, link = entry.invite(store, maple, "person.zoe", "Zoe", "child", by="person.greg", now=NOW)
    entry.accept(store, link, "zoe", SECRET, device="", now=NOW)
    after = store.export_home("maple")
    zoe = after.by_id["person.zoe"]
    assert isinstance(zoe, Person) and zoe.standing == "child" and zoe.name == "Zoe"
    assert after.model_copy(update={"people": maple.people}) == maple


def test_two_people_do_not_sign_in_with_one_name(store: Store, maple: Home) -> None:
    begin(store, maple)
    _, link = entry.invite(store, maple, "person.maya", "Maya", "owner", by="person.greg", now=NOW)
    with pytest.raises(Denied, match="Take another"):
        entry.accept(store, link, "Greg", SECRET, device="", now=NOW)
    assert entry.accept(store, link, "Maya", SECRET, device="", now=NOW).session.person == "person.maya"


@pytest.mark.parametrize("secret", ["short", "password123", "aaaaaaaaaaaaaa", "Greg Gregson", "x" * 201])
def test_a_password_that_is_easily_guessed_is_not_taken(secret: str) -> None:
    assert password.objection(secret, "Greg Gregson")


def test_erasing_a_home_erases_who_came_in(store: Store, maple: Home) -> None:
    came = begin(store, maple)
    entry.invite(store, maple, "person.ana", "Ana", "guest", by="person.greg", now=NOW)
    store.show("maple", "person.zoe", "cam.kitchen", shown=True)
    store.erase_home("maple")
    store.import_home(maple)
    assert not store.has_accounts() and store.session(came.session.id, NOW) is None
    assert not store.changes("maple") and not store.invitations("maple", NOW) and not store.shown("maple", "person.zoe")


def test_many_who_try_a_password_at_once_are_counted_one_after_another(store: Store, maple: Home) -> None:
    from concurrent.futures import ThreadPoolExecutor

    entry.begin(store, maple, "person.greg", "Greg", SECRET, device="", now=NOW)

    def guess(number: int) -> str:
        with pytest.raises(Denied) as denied:
            entry.sign_in(store, "greg", f"guess number {number}", address="192.0.2.7", device="", now=NOW)
        return denied.value.words

    with ThreadPoolExecutor(24) as crowd:
        said = list(crowd.map(guess, range(24)))
    assert said.count(entry.WRONG) < 5 + entry.AT_ONCE, "the fifth failure counts for all that come after it"


def test_whoever_is_taken_out_leaves_no_invitation_behind(store: Store, maple: Home) -> None:
    entry.begin(store, maple, "person.greg", "Greg", SECRET, device="", now=NOW)
    _, hers = entry.invite(store, maple, "person.eve", "Eve", "owner", by="person.maya", now=NOW)
    _, his = entry.invite(store, maple, "person.zoe", "Zoe", "child", by="person.greg", now=NOW)
    store.close_account("maple", "person.maya")
    with pytest.raises(Denied, match="not good any more"):
        entry.accept(store, hers, "eve", SECRET, device="", now=NOW)
    assert entry.accept(store, his, "zoe", SECRET, device="", now=NOW).session.person == "person.zoe"
