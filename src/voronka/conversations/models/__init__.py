from .conversation import Conversation, Draft, QuickReply
from .line import Line
from .message import Message, Part, message_age, message_words

__all__ = ["Conversation", "Draft", "Line", "Message", "Part", "QuickReply", "message_age", "message_words"]
