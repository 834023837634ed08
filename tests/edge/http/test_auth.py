"""Accounts and sign-ins, through HTTP."""

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from tests.edge.http.client import Client
from tests.edge.http.people import Join, code_of
from tests.edge.http.running import PASSWORD, Api, ApiOptions, open_api

NEW = {"email": "ada@notes.test", "password": PASSWORD, "displayName": "Ada"}


async def test_registering_signs_in_and_gives_the_account(api: Api) -> None:
    reply = await api.nobody("POST", "/api/auth/register", {**NEW, "email": "  Ada@Notes.Test "})
    assert reply.status == 201
    body = reply.json
    assert set(body) == {"user", "accessToken", "expiresIn"}
    assert body["expiresIn"] == 900
    user = body["user"]
    assert set(user) == {"id", "email", "displayName", "avatarUrl", "emailVerified", "role", "createdAt"}
    assert (user["email"], user["displayName"], user["emailVerified"]) == ("ada@notes.test", "Ada", False)
    me = await Client(api.port, body["accessToken"]).get("/api/auth/me")
    assert me == {"user": user}


async def test_only_the_first_account_is_admin(join: Join) -> None:
    people = [await join(name) for name in ("Ada", "Bob", "Cyd")]
    assert [(await person.me()).role for person in people] == ["admin", "user", "user"]


async def test_who_signs_out_comes_back_by_his_password(join: Join) -> None:
    ada = await join("Ada")
    me = await ada.me()
    await ada.sign_out()
    assert await code_of(ada.me()) == "UNAUTHENTICATED"
    assert await code_of(ada.sign_in("ada@notes.test", "a wrong password")) == "UNAUTHENTICATED"
    assert await ada.sign_in(" ADA@notes.test", PASSWORD) == me == await ada.me()


async def test_browsers_get_the_refresh_token_as_a_cookie_that_scripts_cannot_read(api: Api) -> None:
    reply = await api.nobody("POST", "/api/auth/register", NEW)
    pair, *attributes = reply.headers["set-cookie"].split("; ")
    assert pair.startswith("nv_refresh=")
    assert set(attributes) == {"Max-Age=2592000", "HttpOnly", "Path=/api/auth", "SameSite=Strict"}
    renewed = await api.nobody("POST", "/api/auth/refresh", {}, headers={"Cookie": pair})
    assert renewed.status == 200
    assert "refreshToken" not in renewed.json
    assert renewed.headers["set-cookie"].split("; ")[0] != pair


async def test_over_https_the_cookie_is_for_https_only() -> None:
    options = ApiOptions()
    async with open_api(options.but(http=type(options.http)(secure_cookies=True))) as api:
        reply = await api.nobody("POST", "/api/auth/register", NEW)
    assert reply.headers["set-cookie"].startswith("__Secure-nv_refresh=")
    assert "Secure" in reply.headers["set-cookie"].split("; ")


async def test_programs_get_the_refresh_token_in_the_body(api: Api) -> None:
    reply = await api.nobody("POST", "/api/auth/register", {**NEW, "delivery": "body"})
    assert "set-cookie" not in reply.headers
    first = reply.json["refreshToken"]
    renewed = await api.nobody("POST", "/api/auth/refresh", {"refreshToken": first})
    assert "set-cookie" not in renewed.headers
    assert renewed.json["refreshToken"] != first
    assert renewed.json["user"] == reply.json["user"]


async def test_a_taken_address_is_told_whatever_its_case(api: Api) -> None:
    await api.register("Ada")
    reply = await api.nobody("POST", "/api/auth/register", {**NEW, "email": "ADA@notes.test"})
    assert (reply.status, reply.code) == (409, "EMAIL_TAKEN")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b@c"}, "email"),
        ({"email": "a" * 250 + "@b.c"}, "email"),
        ({"password": "7 bytes"}, "password"),
        ({"password": "é" * 513}, "password"),
        ({"password": "Password123"}, "password"),
        ({"displayName": " \t"}, "displayName"),
        ({"displayName": "a\nb"}, "displayName"),
        ({"displayName": "name\n"}, "displayName"),
        ({"displayName": "x" * 101}, "displayName"),
        ({"displayName": 7}, "displayName"),
        ({"delivery": "pigeon"}, "delivery"),
    ],
)
async def test_bad_registrations_name_the_field_and_make_no_account(
    api: Api, change: dict[str, object], path: str
) -> None:
    reply = await api.nobody("POST", "/api/auth/register", {**NEW, **change})
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert [detail["path"] for detail in reply.json["error"]["details"]] == [path]
    assert (await api.register("Ada")).user["role"] == "admin"  # still the first


@pytest.mark.parametrize("missing", ["email", "password", "displayName"])
async def test_a_missing_field_is_named(api: Api, missing: str) -> None:
    reply = await api.nobody("POST", "/api/auth/register", {k: v for k, v in NEW.items() if k != missing})
    assert reply.status == 422
    assert reply.json["error"]["details"] == [{"path": missing, "message": "is required", "code": "REQUIRED"}]


async def test_a_password_may_be_long_and_of_any_script(api: Api) -> None:
    password = "пароль🔑" * 60
    assert len(password.encode()) < 1024
    await api.nobody.post("/api/auth/register", {**NEW, "password": password})
    reply = await api.nobody("POST", "/api/auth/login", {"email": NEW["email"], "password": password})
    assert reply.status == 200
    cut = await api.nobody("POST", "/api/auth/login", {"email": NEW["email"], "password": password[:-1]})
    assert cut.status == 401


async def test_wrong_passwords_and_unknown_addresses_look_the_same(api: Api) -> None:
    await api.register("Ada")
    wrong = await api.nobody("POST", "/api/auth/login", {"email": NEW["email"], "password": "not the password"})
    unknown = await api.nobody("POST", "/api/auth/login", {"email": "eve@notes.test", "password": PASSWORD})
    assert wrong.status == unknown.status == 401
    varying = {"timestamp", "requestId"}
    strip = [{k: v for k, v in r.json["error"].items() if k not in varying} for r in (wrong, unknown)]
    assert strip[0] == strip[1]
    assert set(wrong.headers) == set(unknown.headers)


async def test_logging_out_ends_the_sign_in_at_once(api: Api) -> None:
    ada = await api.register("Ada")
    login = await api.nobody.post("/api/auth/login", {"email": NEW["email"], "password": PASSWORD, "delivery": "body"})
    session_ids = {item["id"]: item["isCurrent"] for item in (await ada.get("/api/auth/sessions"))["items"]}
    other = next(session for session, is_current in session_ids.items() if not is_current)
    second = Client(api.port, login["accessToken"])
    reply = await second("POST", "/api/auth/logout")
    assert (reply.status, reply.body) == (204, b"")
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert (await second("GET", "/api/auth/me")).code == "UNAUTHENTICATED"
    gone = await api.nobody("POST", "/api/auth/refresh", {"refreshToken": login["refreshToken"]})
    assert (gone.status, gone.code) == (401, "UNAUTHENTICATED")
    assert api.closer.closed == [other]
    assert (await ada("GET", "/api/auth/me")).status == 200


async def test_ones_sign_ins_can_be_listed_and_ended_and_nobody_elses(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    for _ in range(2):
        await api.nobody.post("/api/auth/login", {"email": NEW["email"], "password": PASSWORD})
    items = (await ada.get("/api/auth/sessions"))["items"]
    assert len(items) == 3
    assert set(items[0]) == {"id", "client", "address", "createdAt", "lastUsedAt", "expiresAt", "isCurrent"}
    assert items[0]["address"] == "127.0.0.1"
    target = next(item["id"] for item in items if not item["isCurrent"])
    for client, session in ((bob, target), (ada, "no-id"), (ada, "00000000-0000-4000-8000-000000000000")):
        reply = await client("DELETE", f"/api/auth/sessions/{session}")
        assert (reply.status, reply.code) == (404, "SESSION_NOT_FOUND")
    assert (await ada("DELETE", f"/api/auth/sessions/{target}")).status == 204
    assert (await ada("DELETE", "/api/auth/sessions")).status == 204
    left = (await ada.get("/api/auth/sessions"))["items"]
    assert [item["isCurrent"] for item in left] == [True]
    assert len(api.closer.closed) == 2


async def test_the_list_of_sign_ins_comes_in_pages(api: Api) -> None:
    ada = await api.register("Ada")
    for _ in range(4):
        await api.nobody.post("/api/auth/login", {"email": NEW["email"], "password": PASSWORD})
    seen, path = [], "/api/auth/sessions?limit=2"
    while True:
        page = await ada.get(path)
        seen += [item["id"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        path = f"/api/auth/sessions?limit=2&cursor={page['nextCursor']}"
    assert len(seen) == len(set(seen)) == 5


async def test_a_profile_changes_field_by_field_and_server_owned_fields_do_not(api: Api) -> None:
    await api.register("Ada")
    bob = await api.register("Bob")
    own = {"role": "admin", "email": "x@y.z", "emailVerified": True, "id": "1", "createdAt": "2000-01-01T00:00:00.000Z"}
    reply = await bob("PUT", "/api/auth/me", {"displayName": " Bobby ", **own})
    assert reply.json["user"] == {**bob.user, "displayName": "Bobby"}
    reply = await bob("PUT", "/api/auth/me", {"avatarUrl": "https://notes.test/b.png"})
    assert reply.json["user"] == {**bob.user, "displayName": "Bobby", "avatarUrl": "https://notes.test/b.png"}
    assert (await bob("PUT", "/api/auth/me", {"avatarUrl": None})).json["user"]["avatarUrl"] is None
    for url in ("javascript:alert(1)", "http://[", "https://[::1", "http://a:99999/", "http://:80/"):
        assert (await bob("PUT", "/api/auth/me", {"avatarUrl": url})).status == 422, url
    principal = (await api.verifier.verify(bob.token or "")).principal
    assert (principal.display_name, principal.system_role) == ("Bobby", "user")


# --- refresh tokens ----------------------------------------------------------------------------------------------


async def _refresh(api: Api, token: str, client: str = "program/1") -> tuple[int, str | None]:
    reply = await api.nobody("POST", "/api/auth/refresh", {"refreshToken": token}, headers={"User-Agent": client})
    return reply.status, reply.json.get("refreshToken")


async def _sign_in(api: Api) -> str:
    await api.nobody.post("/api/auth/register", NEW)
    login = {"email": NEW["email"], "password": PASSWORD, "delivery": "body"}
    reply = await api.nobody("POST", "/api/auth/login", login, headers={"User-Agent": "program/1"})
    return str(reply.json["refreshToken"])


async def test_a_token_used_many_times_at_once_has_one_successor(api: Api) -> None:
    token = await _sign_in(api)
    for _ in range(2):
        answers: list[tuple[int, str | None]] = []

        async def use(token: str, answers: list[tuple[int, str | None]]) -> None:
            answers.append(await _refresh(api, token))

        async with trio.open_nursery() as nursery:
            for _ in range(100):
                nursery.start_soon(use, token, answers)
        assert len(answers) == 100
        assert {status for status, _ in answers} == {200}
        (successor,) = {successor for _, successor in answers}
        assert successor not in (token, None)
        token = str(successor)
    assert api.closer.closed == []


async def test_a_lost_answer_is_given_again_within_the_grace(api: Api) -> None:
    token = await _sign_in(api)
    first = await _refresh(api, token)
    api.clock.advance(19)
    assert await _refresh(api, token) == first


@pytest.mark.parametrize(("seconds", "client"), [(21, "program/1"), (0, "thief/1")])
async def test_a_copied_token_ends_the_whole_sign_in(api: Api, seconds: int, client: str) -> None:
    token = await _sign_in(api)
    _, successor = await _refresh(api, token)
    api.clock.advance(seconds)
    assert await _refresh(api, token, client) == (401, None)
    assert await _refresh(api, str(successor)) == (401, None)
    assert len(api.closer.closed) == 1


async def test_a_refresh_token_ends_when_it_is_not_used(api: Api) -> None:
    token = await _sign_in(api)
    api.clock.advance(29 * 86_400)
    status, token2 = await _refresh(api, token)
    assert status == 200
    api.clock.advance(29 * 86_400)  # every use moves the end on
    status, token3 = await _refresh(api, str(token2))
    assert status == 200
    api.clock.advance(30 * 86_400 + 1)
    assert await _refresh(api, str(token3)) == (401, None)


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "é"])
async def test_made_up_refresh_tokens_are_refused(api: Api, token: str) -> None:
    assert await _refresh(api, token) == (401, None)


async def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(api: Api) -> None:
    refresh_token = await _sign_in(api)
    ada = await api.nobody.post("/api/auth/login", {"email": NEW["email"], "password": PASSWORD})
    assert (await _refresh(api, ada["accessToken"]))[0] == 401
    assert (await Client(api.port, refresh_token)("GET", "/api/auth/me")).code == "UNAUTHENTICATED"


# --- throttles and load ------------------------------------------------------------------------------------------


async def test_guessing_is_throttled_and_the_owner_elsewhere_is_not_locked_out() -> None:
    options = ApiOptions(is_throttled=True)
    proxies = type(options.http)(trusted_proxies=("127.0.0.0/8",))
    async with open_api(options.but(http=proxies)) as api:
        await api.register("Ada")

        async def guess(address: str, password: str) -> int:
            headers = {"X-Forwarded-For": address}
            body = {"email": NEW["email"], "password": password}
            return (await api.nobody("POST", "/api/auth/login", body, headers=headers)).status

        attempts = [await guess("203.0.113.7", f"guess number {n}") for n in range(8)]
        assert attempts == [401] * 5 + [429] * 3
        assert await guess("203.0.113.7", PASSWORD) == 429
        assert await guess("198.51.100.1", PASSWORD) == 200
        # 15 minutes of guessing from many addresses: less than 100 guesses are looked at
        looked_at = 0
        for n in range(150):
            api.clock.advance(6)
            looked_at += await guess(f"192.0.2.{n}", f"other guess {n}") == 401
        assert 20 < looked_at < 95


async def test_a_throttled_answer_says_when_to_come_back() -> None:
    async with open_api(ApiOptions(is_throttled=True)) as api:
        body = {"email": NEW["email"], "password": "a wrong password"}
        replies = [await api.nobody("POST", "/api/auth/login", body) for _ in range(6)]
        last = replies[-1]
        assert (last.status, last.code) == (429, "RATE_LIMITED")
        wait = int(last.headers["retry-after"])
        assert 0 < wait <= 30
        api.clock.advance(wait)
        assert (await api.nobody("POST", "/api/auth/login", body)).status == 401


async def test_more_sign_ins_at_once_than_can_wait_are_told_to_come_back() -> None:
    options = ApiOptions()
    slow = type(options.passwords)(memory_kib=65_536, passes=2, max_hashing=1, max_waiting=2)
    async with open_api(options.but(passwords=slow)) as api:
        statuses: list[int] = []

        async def sign_in() -> None:
            reply = await api.nobody("POST", "/api/auth/login", {"email": "a@b.c", "password": PASSWORD})
            statuses.append(reply.status)

        async with trio.open_nursery() as nursery:
            for _ in range(12):
                nursery.start_soon(sign_in)
        assert set(statuses) == {401, 503}
        await wait_all_tasks_blocked()


async def test_a_wrong_password_is_wrong_however_short(api: Api) -> None:
    ada = await api.register("Ada")
    for password in ("", "x", "7 bytes", "a wrong password"):
        reply = await api.nobody("POST", "/api/auth/login", {"email": ada.user["email"], "password": password})
        assert (reply.status, reply.code) == (401, "UNAUTHENTICATED"), password
        body = {"currentPassword": password, "newPassword": "a new and long one"}
        reply = await ada("POST", "/api/auth/password", body)
        assert (reply.status, [one["path"] for one in reply.json["error"]["details"]]) == (422, ["currentPassword"])
    huge = {"email": ada.user["email"], "password": "x" * 1025}
    assert (await api.nobody("POST", "/api/auth/login", huge)).status == 422
