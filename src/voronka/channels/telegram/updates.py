"""Updates of the Bot API as what they tell. Pure; unknown kinds tell nothing, as Telegram demands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..port import Barred, Incoming, Part, PartKind, Reacted, Said, Unreadable, Writer

Id = Annotated[int, Field(ge=-(2**53), le=2**53)]
Moment = Annotated[int, Field(ge=0, le=32503680000)]


class Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class User(Loose):
    id: Id
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Chat(Loose):
    id: Id
    type: str


class Stored(Loose):
    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int = Field(0, ge=0, le=2**53)
    duration: int = Field(0, ge=0, le=10**7)
    emoji: str = ""


class Contact(Loose):
    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: int | None = None


class Place(Loose):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class Venue(Loose):
    location: Place
    title: str = ""
    address: str = ""


class Replied(Loose):
    message_id: Id


class Message(Loose):
    message_id: Id
    date: Moment
    edit_date: Moment | None = None
    chat: Chat
    sender: User | None = Field(None, alias="from")
    text: str = ""
    caption: str = ""
    photo: list[Stored] = []
    document: Stored | None = None
    voice: Stored | None = None
    audio: Stored | None = None
    video: Stored | None = None
    video_note: Stored | None = None
    animation: Stored | None = None
    sticker: Stored | None = None
    contact: Contact | None = None
    location: Place | None = None
    venue: Venue | None = None
    reply_to_message: Replied | None = None


class Emoji(Loose):
    type: str
    emoji: str = ""


class Reaction(Loose):
    chat: Chat
    message_id: Id
    date: Moment
    user: User | None = None
    new_reaction: list[Emoji]


class Member(Loose):
    status: str


class Membership(Loose):
    chat: Chat
    date: Moment
    new_chat_member: Member


class Update(Loose):
    update_id: Id
    message: Message | None = None
    edited_message: Message | None = None
    message_reaction: Reaction | None = None
    my_chat_member: Membership | None = None


#: What we ask to be told; reactions come only when they are named.
ALLOWED = ["message", "edited_message", "message_reaction", "my_chat_member"]


def read(body: dict[str, Any]) -> list[Incoming]:
    """What an update tells. Raises Unreadable."""
    try:
        return list(_told(Update.model_validate(body)))
    except ValidationError as error:
        where = ".".join(str(one) for one in error.errors()[0]["loc"])
        raise Unreadable(_("It is not an update of Telegram: «{where}» is wrong.").format(where=where)) from error


def _told(update: Update) -> Iterator[Incoming]:
    message = update.message or update.edited_message
    if message and message.chat.type == "private":
        yield _said(message)
    reaction = update.message_reaction
    if reaction and reaction.chat.type == "private":
        marks = [one.emoji or "★" for one in reaction.new_reaction]
        yield Reacted(line=str(reaction.chat.id), at=_at(reaction.date), id=str(reaction.message_id), reactions=marks)
    member = update.my_chat_member
    if member and member.chat.type == "private":
        barred = member.new_chat_member.status in ("kicked", "left")
        yield Barred(line=str(member.chat.id), at=_at(member.date), barred=barred)


def _said(message: Message) -> Said:
    text = message.text or message.caption
    return Said(
        line=str(message.chat.id),
        at=_at(message.date),
        id=str(message.message_id),
        turn=message.message_id,
        text=text,
        parts=list(_parts(message)),
        writer=_writer(message),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
        edited_at=_at(message.edit_date) if message.edit_date else None,
        start=text.removeprefix("/start ").strip() if text.startswith("/start ") else "",
    )


def _writer(message: Message) -> Writer:
    user = message.sender
    if user is None:
        return Writer()
    identities = [("telegram", user.username.lower())] if user.username else []
    if message.contact and message.contact.user_id == user.id:
        identities.insert(0, ("phone", message.contact.phone_number))
    return Writer(name=user.name, identities=identities)


def _parts(message: Message) -> Iterator[Part]:
    if message.photo:
        yield _file(PartKind.PICTURE, max(message.photo, key=lambda size: size.file_size), "image/jpeg")
    elif message.sticker:
        yield _file(PartKind.STICKER, message.sticker, "image/webp")
    elif message.voice:
        yield _file(PartKind.VOICE, message.voice, "audio/ogg")
    elif video := message.video or message.video_note or message.animation:
        yield _file(PartKind.VIDEO, video, "video/mp4")
    elif stored := message.document or message.audio:
        yield _file(PartKind.FILE, stored, "application/octet-stream")
    elif message.contact:
        yield _contact(message.contact, message.sender)
    elif place := message.location or (message.venue and message.venue.location):
        title = f"{message.venue.title}, {message.venue.address}" if message.venue else ""
        yield Part(kind=PartKind.LOCATION, latitude=place.latitude, longitude=place.longitude, title=title)


def _file(kind: PartKind, stored: Stored, content_type: str) -> Part:
    return Part(
        kind=kind,
        ref=stored.file_id,
        title=stored.file_name or stored.emoji,
        content_type=stored.mime_type or content_type,
        size=stored.file_size,
        seconds=stored.duration,
    )


def _contact(contact: Contact, sender: User | None) -> Part:
    """The number is surely the writer's own only when Telegram names the writer in it."""
    own = sender is not None and contact.user_id == sender.id
    name = f"{contact.first_name} {contact.last_name}".strip()
    return Part(kind=PartKind.CONTACT, title=name, phone=contact.phone_number, own=own)


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
