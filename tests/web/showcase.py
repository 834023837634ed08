"""A workspace that looks lived in: what screenshots and checks of whole pages are made on."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.web.people import Person

RECIPE = """Feed the starter **the evening before**, and write down when.

- [x] 100 g starter
- [x] 350 g water, lukewarm
- [ ] 500 g flour
- [ ] 10 g salt

## Baking

| step | minutes | heat |
| --- | --- | --- |
| with lid | 25 | 240 |
| without | 18 | 220 |

> Steam makes the crust.

```python
def hydration(water: float, flour: float) -> float:
    # What bakers call the share of water
    return water / flour
```

See [[Shopping list]] for what is missing.
"""

NOTES: tuple[tuple[str, str, int, int, str | None], ...] = (
    ("Sourdough, the short way", RECIPE, 0, 0, "#fde68a"),
    ("Shopping list", "- [x] Flour\n- [ ] Salt\n- [ ] Butter\n- [ ] Rye, if they have it", 320, 0, "#a7f3d0"),
    ("Opening week", "**Monday** tasting with neighbours\n**Friday** first market stall", 640, 0, "#bfdbfe"),
    ("Prices", "Loaf 4.20\nRolls 0.90\nFocaccia 3.50", 0, 240, None),
    ("قائمة المهام", "افتح الفرن باكرًا\nاتصل بالمورّد", 320, 240, "#ddd6fe"),
    ("A name that is much too long for the little card that it has to stand on", "Names…", 640, 240, "#fecdd3"),
    ("Suppliers", "Mill at the river\nDairy *Weber*", 0, 520, None),
    ("Ideas", "Crumb photos 🍞\nBread subscription", 320, 520, "#fde68a"),
)


FILES: tuple[tuple[str, str, bytes], ...] = (
    ("oven-plan.txt", "text/plain", b"240 degrees, steam for ten minutes\n" * 40),
    ("price list.csv", "text/csv", b"loaf,4.20\nrolls,0.90\n" * 10),
)


@dataclass(frozen=True, slots=True)
class Showcase:
    """What was made: the workspace, the notes by title, what leads strangers in, and a workspace with nothing in it."""

    workspace_id: str
    notes: dict[str, str]
    note_token: str
    workspace_token: str
    empty_id: str


def _discuss(owner: Person, others: tuple[Person, ...], note_id: str) -> None:
    """A thread on words, one on the note, and one that is resolved."""
    base, at = f"/api/notes/{note_id}/comments", RECIPE.index("the evening before")
    anchor = {"start": at, "end": at + len("the evening before")}
    begun = owner.api("POST", base, {"text": "How warm does it have to be?", "anchor": anchor})["thread"]
    done = owner.api("POST", base, {"text": "Too much salt", "anchor": {"start": 0, "end": 10}})["thread"]
    for other in others:
        answer = f"@[{owner.name}]({owner.user_id}) 24 degrees, see https://example.org/starter"
        other.api("POST", f"{base}/{_id(begun)}", {"text": answer})
        other.api("POST", base, {"text": "Works well. **Thank you!**"})
    owner.api("PUT", f"{base}/{_id(done)}", {"resolved": True})


def make_showcase(owner: Person, *others: Person) -> Showcase:
    """Fill a workspace of `owner`'s that `others` are members of, and two small ones beside it."""
    empty_id = ""
    for name, description in (("Reading group", "What we read, and when"), ("Garden", "")):
        wanted = {"name": name, **({"description": description} if description else {})}
        empty_id = _id(owner.api("POST", "/api/workspaces", wanted)["workspace"])
    body = {"name": "Corner bakery", "description": "Recipes, plans and the opening"}
    workspace_id = _id(owner.api("POST", "/api/workspaces", body)["workspace"])
    base = f"/api/workspaces/{workspace_id}"
    for other in others:
        owner.api("POST", f"{base}/members", {"email": other.email, "role": "member"})
    plan = _id(owner.api("POST", f"{base}/collections", {"name": "Opening", "color": "#bfdbfe"})["collection"])
    notes: dict[str, str] = {}
    for title, content, x, y, color in NOTES:
        note = {
            "title": title,
            "content": content,
            "position": {"x": x, "y": y},
            "size": {"width": 260, "height": 200},
            **({"color": color} if color else {}),
            **({"collectionId": plan} if x == 640 else {}),
            **({"tags": ["baking", "weekend"]} if title == "Ideas" else {}),
        }
        notes[title] = _id(owner.api("POST", f"{base}/notes", note)["note"])
    recipe, list_, prices = notes["Sourdough, the short way"], notes["Shopping list"], notes["Prices"]
    for start, end, label in ((recipe, list_, "needs"), (recipe, prices, "")):
        owner.api("POST", f"{base}/connections", {"fromNoteId": start, "toNoteId": end, "label": label})
    without = RECIPE.replace("- [ ] 10 g salt\n", "").replace("lukewarm", "cold")
    owner.api("PUT", f"/api/notes/{recipe}", {"content": without})
    for other in (*others, owner):
        other.api("PUT", f"/api/notes/{recipe}", {"content": RECIPE})
    _discuss(owner, others, recipe)
    owner.api("POST", f"{base}/members", {"email": "somebody-with-a-long-name@example.org", "role": "viewer"})
    link = owner.api("POST", f"{base}/share-links", {"role": "member", "maxUses": 10})["link"]
    note_link = owner.api("POST", f"/api/notes/{recipe}/links", {"access": "edit"})["link"]
    owner.api("POST", f"{base}/webhooks", {"url": "https://receiver.invalid/bakery"})
    owner.api("POST", "/api/search/saved", {"name": "Flour anywhere", "query": "flour", "alert": True})
    for name, kind, content in FILES:
        part = {"name": name, "mimeType": kind, "buffer": content}
        owner.send("/api/files/upload", {"workspaceId": workspace_id, "file": part})
    today = date.today()  # noqa: DTZ011 - the day that the browser shows
    for title, days, start, end in (("Oven delivery", 1, "08:30", "10:00"), ("Tasting", 3, "17:00", "19:00")):
        day = (today + timedelta(days=days)).isoformat()
        times = {"start": f"{day}T{start}:00Z", "end": f"{day}T{end}:00Z"}
        owner.api("POST", f"{base}/events", {"title": title, **times})
    whole = {"title": "Market", "allDay": True, "start": today.isoformat(), "rrule": "FREQ=WEEKLY"}
    owner.api("POST", f"{base}/events", whole)
    for number, other in enumerate(others):
        other.api(
            "POST",
            f"{base}/chat",
            {"text": f"The oven comes on Thursday. Are you there, @[{owner.name}]({owner.user_id})?"},
        )
        owner.api("POST", f"{base}/chat", {"text": "All day. Bring the **long** thermometer"})
        if number == 0:
            other.api("POST", f"{base}/chat", {"text": "Will do 👍"})
    return Showcase(workspace_id, notes, _field(note_link, "token"), _field(link, "token"), empty_id)


def _id(value: object) -> str:
    return _field(value, "id")


def _field(value: object, name: str) -> str:
    assert isinstance(value, dict)
    return str(value[name])
