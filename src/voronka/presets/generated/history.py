"""The history of one deal as rows: what the actions and rules would have written, without asking them."""

from dataclasses import dataclass

from ..quests import words
from .clients import Client
from .copying import NULL
from .world import Hand, Step, Way, World

HOUR, DAY = 3600, 86_400

#: Stage → how long a deal stays on average, and the share that ends there. Others: three days and a fifth.
STAYS = {
    "taken": (16 * HOUR, 0.36), "picked": (20 * HOUR, 0.24), "booked": (5 * DAY, 0.05), "call1": (30 * HOUR, 0.02),
    "played": (26 * HOUR, 0.0),
}  # fmt: skip
#: Stage → kind, title and rule of its task, and when it is due.
TASKS = {
    "taken": ("call", "Связаться и подобрать игру", "contact", 3 * HOUR),
    "picked": ("call", "Подтвердить бронь", "confirm", DAY),
    "booked": ("call", "Прозвон: подтвердить игру, предложить торт и аниматора", "hand-over", 4 * DAY),
    "call1": ("game", "Встретить гостей и провести игру", "game", 30 * HOUR),
    "played": ("review", "Узнать оценку и попросить отзыв", "ask-review", DAY),
}
OTHER_TASK = ("message", "Ответить на предложение", "", DAY)
ANSWERS = ("Дозвонились", "Договорились", "Ждёт до вечера", "Прислали варианты", "Готово", "Просит перезвонить")
OCCASIONS = ("birthday", "birthday", "birthday", "friends", "family", "corporate", "school", "date")
TIMES = ("11:00", "12:30", "14:00", "15:30", "17:00", "18:30", "20:00", "21:30")
WISHES = [wish for wish in words.WISHES if wish]
#: Touches of each campaign as JSON, made once.
UTM = [
    "{" + ", ".join(f'"{key.removeprefix("utm_")}": "{value}"' for key, value in marks.items()) + "}"
    for marks, weight in words.CAMPAIGNS
    for _ in range(weight)
]


@dataclass
class OpenTask:
    id: int
    kind: str
    title: str
    rule: str
    created: int
    due: int


class History:
    """Lives from `born` to where the deal stands at the end. One use each: `History(…).live()`."""

    def __init__(self, world: World, client: Client, way: Way, born: int, *, repeat: bool) -> None:
        self.world, self.client, self.way, self.born, self.repeat = world, client, way, born, repeat
        self.rng, self.pick, self.moment = world.rng, world.names.pick, world.moments
        self.id, self.at, self.version = world.deals.next_id(), born, 1
        self.source = self.pick(world.sources)
        self.programme = self.pick(world.programmes)
        self.brand = self.source[3] or self.programme.brand
        self.location: int | None = None
        self.hand: Hand | None = None
        self.watcher: int | None = None
        self.stage: Step = way.queue or way.steps[0]
        self.entered, self.taken, self.closed = born, 0, 0
        self.reason, self.amount, self.fields = 0, 0, ""
        self.task: OpenTask | None = None
        self.audience = f"{{b:{self.brand},u:{self.brand}}}"

    def live(self) -> None:
        self._ask()
        if self._take():
            for step in self.way.steps:
                if not self._stay(step):
                    break
            else:
                self._win()
        self._write()

    # -- what happens ---------------------------------------------------------------------------

    def _ask(self) -> None:
        players, wish = int(self.rng.random() * 10) + 2, self.pick(WISHES)
        self.title, self.utm = wish[:60], self.pick(UTM)
        self.fields = f'"players": {players}, "occasion": "{self.pick(OCCASIONS)}"'
        _id, source, channel, _brand = self.source
        self._tell(
            "deal.created",
            f'{{"stage": "{self.stage.key}", "stage_title": {self.stage.told}, "title": "{self.title}", "amount": "0", '
            f'"responsible": null, "channel": "{channel}", "is_repeat": {"true" if self.repeat else "false"}, '
            f'"fields": {{{self.fields}}}}}',
            by="client", why=source,
        )  # fmt: skip
        self._tell("inquiry.received", f'{{"text": "{wish}", "touch": {{"utm": {self.utm}}}}}', by="client", why=source)
        if self.way.queue:
            self._plan("inquiry", "Обработать заявку", "inquiry-task", 300)

    def _take(self) -> bool:
        """Somebody takes it within minutes, now and then within hours."""
        waited = int(self.rng.expovariate(1 / 140 if self.rng.random() < 0.85 else 1 / 1500)) + 15
        if self.born + waited > self.world.end:
            return False
        self.at = self.taken = self.born + waited
        self._own(self.pick(self.world.managers))
        assert self.hand
        self._tell(
            "deal.taken",
            f'{{"person": {self.hand.id}, "name": {self.hand.name}, "before": null, "waited_seconds": {waited}}}',
        )
        self._finish("Взято в работу")
        if self.way.queue:
            self._enter(self.way.steps[0])
        if self.rng.random() < 0.5:
            self._note(self.pick(words.NOTES))
        return True

    def _stay(self, step: Step) -> bool:
        """Spend time on a stage; False when the deal ends or still stands there."""
        if step is not self.stage:
            self._enter(step)
        self._prepare(step)
        mean, share_lost = STAYS.get(step.key, (3 * DAY, 0.2))
        kind, title, rule, due = TASKS.get(step.key, OTHER_TASK)
        self._plan(kind, title, rule, due)
        leaves = self.at + int(self.rng.expovariate(1 / mean)) + 600
        if leaves > self.world.end:
            self._stand()
            return False
        self.at = leaves
        if self.rng.random() < share_lost:
            self._lose()
            return False
        self._finish(self.pick(ANSWERS))
        return True

    def _prepare(self, step: Step) -> None:
        if step.key == "picked":
            self.amount = self.programme.price
            self.fields += f', "programme": "{self.programme.key}"'
            self._tell("deal.changed", f'{{"changes": {{"amount": ["0.00", "{self.amount}.00"]}}}}')
        elif step.key == "booked":
            self.fields += f', "game_date": "{self.moment.day(self.at + 5 * DAY)}", "game_time": "{self.pick(TIMES)}"'
            self._hand_over()
        elif step.key == "call1" and self.rng.random() < 0.45:
            self._sell_more()

    def _hand_over(self) -> None:
        """A booked game is led by the administrator of its place; the manager reads on."""
        self.location = self.programme.location
        administrator = self.world.administrators.get(self.location)
        if administrator is None or self.hand is None:
            return
        before, self.watcher = self.hand.id, self.hand.seat
        self._own(administrator)
        self._tell(
            "deal.assigned",
            f'{{"person": {administrator.id}, "name": {administrator.name}, "before": {before}, '
            '"waited_seconds": null}',
            by="rule", why="hand-over",
        )  # fmt: skip

    def _sell_more(self) -> None:
        assert self.hand
        lines, (product, told, name, price) = self.world.lines, self.pick(self.world.goods)
        number = lines.next_id()
        self.amount += price
        moment = self.moment(self.at)
        lines.add(f"{number}\t{self.id}\t{product}\t{name}\t1\t{price}\t{self.hand.id}\t{moment}")
        self._tell(
            "line.added",
            f'{{"line": {number}, "name": {told}, "quantity": "1", "total": "{price}.00", '
            f'"amount": "{self.amount}.00", "added_by": {self.hand.id}, "is_upsell": true}}',
        )

    def _stand(self) -> None:
        """Here it stands today: mostly with a step ahead, some late, a few with none."""
        self.at = self.world.end
        chance = self.rng.random()
        if self.task and chance < 0.72:
            self.task.due = self.world.end + int(self.rng.random() * 3 * DAY)
        elif self.task and chance > 0.93:
            self._finish(self.pick(ANSWERS))

    def _lose(self) -> None:
        self.reason, key, title = self.pick(self.way.reasons)
        self._finish("", cancelled=True)
        self._enter(self.way.lost, f', "loss_reason": "{key}", "loss_reason_title": {title}, "loss_comment": ""')

    def _win(self) -> None:
        if self.rng.random() < 0.6:
            self._note(self.pick(words.REVIEWS))
        self._enter(self.way.won)

    # -- rows -----------------------------------------------------------------------------------

    def _own(self, hand: Hand) -> None:
        self.hand = hand
        tokens = {f"b:{self.brand}", f"s:{hand.seat}"}
        if self.watcher:
            tokens |= {f"s:{self.watcher}", f"l:{self.location}"}
        self.audience = f"{{{','.join(sorted(tokens))}}}"
        self.client.tokens |= tokens

    def _enter(self, step: Step, more: str = "") -> None:
        here, spent = self.stage, self.at - self.entered
        self._pass()
        self.stage, self.entered, self.version = step, self.at, self.version + 1
        if step.meaning in ("won", "lost"):
            self.closed = self.at
        who = self.hand.id if self.hand else "null"
        self._tell(
            "deal.moved",
            f'{{"from": "{here.key}", "to": "{step.key}", "from_id": {here.id}, "to_id": {step.id}, '
            f'"from_title": {here.told}, "to_title": {step.told}, "meaning": "{step.meaning}", '
            f'"spent_seconds": {spent}, "amount": "{self.amount}.00", "responsible": {who}{more}}}',
        )

    def _pass(self, *, left: bool = True) -> None:
        passages = self.world.passages
        end = self.moment(self.at) if left else NULL
        passages.add(f"{passages.next_id()}\t{self.id}\t{self.stage.id}\t{self.moment(self.entered)}\t{end}")

    def _note(self, text: str) -> None:
        assert self.hand
        notes, number = self.world.notes, self.world.notes.next_id()
        notes.add(f"{number}\t{self.client.id}\t{self.id}\t{self.hand.id}\t{text}\t{self.moment(self.at)}")
        self._tell("note.added", f'{{"note": {number}, "text": "{text}"}}')

    def _plan(self, kind: str, title: str, rule: str, after: int) -> None:
        task = self.task = OpenTask(self.world.tasks.next_id(), kind, title, rule, self.at, self.at + after)
        self._tell("task.created", self._told(task), by="rule", why=rule, task=task.id)

    def _finish(self, result: str, *, cancelled: bool = False) -> None:
        """Close the open task, if there is one."""
        task, self.task = self.task, None
        if task is None:
            return
        self._write_task(task, done=True, result=result, cancelled=cancelled)
        kind = "task.cancelled" if cancelled else "task.done"
        self._tell(kind, self._told(task, f', "result": "{result}"'), task=task.id)

    def _told(self, task: OpenTask, more: str = "") -> str:
        return (
            f'{{"title": "{task.title}", "kind": "{task.kind}", "due_at": "{self.moment(task.due)}", '
            f'"rule": "{task.rule}"{more}}}'
        )

    def _write_task(self, task: OpenTask, *, done: bool, result: str = "", cancelled: bool = False) -> None:
        who = self.hand.id if self.hand else NULL
        ended = self.moment(self.at) if done else NULL
        by = who if done and not cancelled else NULL
        self.world.tasks.add(
            f"{task.id}\t{self.audience}\t{self.world.kinds[task.kind]}\t{task.title}\t{self.id}\t{self.client.id}\t{who}"
            f"\t{self.moment(task.due)}\t{self.moment(task.created)}\t{NULL}\t{task.rule}\t{ended}\t{by}\t{result}"
            f"\t{'t' if cancelled else 'f'}"
        )

    def _tell(self, kind: str, data: str, *, by: str = "person", why: str = "", task: int | str = NULL) -> None:
        events = self.world.events
        who = self.hand.id if self.hand and by != "client" else NULL
        events.add(
            f"{events.next_id()}\t{self.moment(self.at)}\t{kind}\t{by}\t{who}\t{why}\t{self.id}\t{self.client.id}\t{task}"
            f"\t{self.way.id}\t{self.stage.id}\t{data}\t{self.audience}"
        )

    def _write(self) -> None:
        """The deal itself, its present stay and its open task."""
        self._pass(left=False)
        if self.task:
            self._write_task(self.task, done=False)
        self.client.last = max(self.client.last, self.at)
        if not self.hand:
            self.client.tokens |= {f"b:{self.brand}", f"u:{self.brand}"}
        moment, hand = self.moment, self.hand
        source, title, channel, _brand = self.source
        touch = f'{{"at": "{moment(self.born)}", "utm": {self.utm}, "source": "{title}", "channel": "{channel}"}}'
        self.world.deals.add(
            f"{self.id}\t{self.audience}\t{self.way.id}\t{self.stage.id}\t{self.title}\t{self.client.id}"
            f"\t{self.client.contact}\t{self.amount}\t{hand.id if hand else NULL}\t{hand.seat if hand else NULL}"
            f"\t{{{self.watcher or ''}}}\t{self.brand}\t{self.location or NULL}\t{source}\t{channel}\t{self.utm}"
            f"\t{touch}\t{touch}\t{{{self.fields}}}\t{'t' if self.repeat else 'f'}\t{'f' if hand else 't'}"
            f"\t{moment(self.born)}\t{moment(self.entered)}\t{moment(self.taken) if hand else NULL}"
            f"\t{moment(self.born + 300) if self.way.queue else NULL}\t{moment(self.closed) if self.closed else NULL}"
            f"\t{self.reason or NULL}\t{moment(self.task.due) if self.task else NULL}\t{self.version}"
        )
