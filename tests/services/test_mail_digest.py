"""The mail of what was not read: one for all of it, once, to proved addresses, of the kinds that are wanted."""

import trio

from nvserver.services.mail_digest import MailDigest, MailDigestSettings
from nvserver.services.mail_queue import MailQueue, MailQueueSettings
from nvserver.services.notifications import NotificationService
from tests.edge.http.client import Client
from tests.edge.http.forms import upload
from tests.edge.http.running import PUBLIC_URL, Api, open_api
from tests.edge.http.test_workspaces import make

WANTED = {"preferences": {kind: {"inApp": True, "email": True} for kind in ("file.shared", "mention.chat")}}


def digest(api: Api, mails: MailQueue) -> MailDigest:
    service = NotificationService(api.store.notifications, api.store.accounts, api.clock.now_ms)
    stores, url = (api.store.notifications, api.store.accounts), f"{PUBLIC_URL}/"
    return MailDigest(*stores, service, mails, MailDigestSettings(), api.clock.now_ms, url)


async def shared(ada: Client, workspace: str, people: list[Client], name: str) -> str:
    (file,) = await upload(ada, workspace, (name, "x/y", b"x"))
    reply = await ada("POST", f"{file['url']}/share", {"userIds": [one.user["id"] for one in people]})
    assert reply.status == 204
    return str(file["id"])


async def test_one_mail_of_all_that_waited() -> None:
    async with open_api() as api, trio.open_nursery() as nursery:
        mails = MailQueue(api.mailer, MailQueueSettings())
        nursery.start_soon(mails.run)
        ada, bob, eve, dan = [await api.register(name) for name in ("Ada", "Bob", "Eve", "Dan")]
        workspace = await make(ada)
        for one in (bob, eve, dan):
            await ada.post(f"/api/workspaces/{workspace}/members", {"userId": one.user["id"], "role": "viewer"})
        await api.store.account_admin.set_verified(bob.user["id"], bob.user["email"])
        for one in (bob, eve):
            await one.put("/api/notifications/preferences", WANTED)
        files = [await shared(ada, workspace, [ada, bob, eve, dan], name) for name in ("a.txt", "b\u202e.txt")]
        letters = len(api.mailer.sent)
        service = digest(api, mails)
        await service.send_due()  # nothing has been unread for long
        api.clock.advance(600)
        await service.send_due()
        with trio.fail_after(20):
            mail = await api.mailer.wait_sent(letters + 1)
        assert (mail.to, mail.subject) == ("bob@notes.test", "NoteVault: 2 notifications")
        for file_id, name in zip(files, ("a.txt", "b.txt"), strict=True):
            link = f"{PUBLIC_URL}/workspaces/{workspace}?file={file_id}"
            assert f"* Ada shared {name} with you in Plans\n  {link}\n" in mail.text
        await service.send_due()
        await shared(ada, workspace, [bob], "c.txt")
        api.clock.advance(600)
        await service.send_due()
        with trio.fail_after(20):
            mail = await api.mailer.wait_sent(letters + 2)
        assert mail.subject == "NoteVault: Ada shared c.txt with you in Plans"
        assert len(api.mailer.sent) == letters + 2
        nursery.cancel_scope.cancel()


async def test_files_are_shared_with_members_alone() -> None:
    async with open_api() as api:
        ada, eve = await api.register("Ada"), await api.register("Eve")
        workspace = await make(ada)
        (file,) = await upload(ada, workspace, ("a", "x/y", b"x"))
        share = f"{file['url']}/share"
        assert (await ada("POST", share, {"userIds": [eve.user["id"]]})).code == "MEMBER_NOT_FOUND"
        assert (await eve("POST", share, {"userIds": [ada.user["id"]]})).code == "FILE_NOT_FOUND"
        for people in ([], ["x"], [ada.user["id"]] * 101):
            assert (await ada("POST", share, {"userIds": people})).code == "VALIDATION_FAILED"
        assert (await ada.get("/api/notifications"))["items"] == []
