"""How many requests somebody may send (D11)."""

from nvserver.edge.http.request_limits import RequestRates
from tests.edge.http.running import ApiOptions, open_api

RATES = RequestRates(address_burst=40, address_seconds=1, person_burst=10, person_seconds=2)


async def test_a_person_and_an_address_have_the_documented_number_of_requests() -> None:
    async with open_api(ApiOptions(is_throttled=True, request_rates=RATES)) as api:
        ada = await api.register("Ada")
        statuses = [(await ada("GET", "/api/auth/me")).status for _ in range(12)]
        assert statuses == [200] * 10 + [429] * 2
        refused = await ada("GET", "/api/auth/me")
        assert refused.code == "RATE_LIMITED"
        assert 1 <= int(refused.headers["retry-after"]) <= 2
        api.clock.advance(2)
        assert [(await ada("GET", "/api/auth/me")).status for _ in range(2)] == [200, 429]
        # Nobody's requests count for the address: 40, of which 16 are spent, and two seconds' worth come back.
        anonymous = [(await api.nobody("GET", "/api/auth/me")).status for _ in range(40)]
        assert 24 <= anonymous.count(401) <= 27
        assert set(anonymous) == {401, 429}
        # Whoever watches the server is not counted.
        assert (await api.nobody("GET", "/health")).status == 200


async def test_without_limits_nobody_is_stopped() -> None:
    async with open_api(ApiOptions(is_throttled=False, request_rates=RATES)) as api:
        ada = await api.register("Ada")
        assert {(await ada("GET", "/api/auth/me")).status for _ in range(50)} == {200}
