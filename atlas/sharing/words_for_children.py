"""Every word that Atlas itself says to a child: before a talk, on the page on their phone, and on their copy on paper. One place, so that all of it is measured:
a child of nine can read it (real-life.md 7 and 25; `run.py bench reading_age`). What a worker writes is theirs; this is ours.
"""

# Said before the first question of a return interview (real-life.md 4).
BEFORE_WE_TALK = (
    "What you tell me stays with the people who need it to keep you safe. If you or somebody else is in danger, I must tell the police or your "
    "social worker. I will tell you when I do. You can say no to any question. You do not have to name anyone. You can have someone with you who is "
    "only there for you: an advocate."
)

# The page, before the code. It says nothing of what stands behind it.
TITLE = "My page"
CLOSED = "Your page is shut."
OPEN = (
    "To open it, you need a code. We send it by text to your phone. It works for 10 minutes.",
    "No code? Wait a minute and try again. If none comes, your page may have ended. Ask your worker for a new one.",
)
CODE_TEXT = "{code} is your code. It works for 10 minutes. If you did not ask for it, tell no one and do nothing."
SEND_CODE = "Send me a code"
TYPE_CODE = "Type the code"
CODE_LABEL = "The code from the text"
CODE_HINT = "It has 6 numbers"
CODE_SENT = "If your page is still open to you, a code is on its way. It can take a minute."
GO_ON = "Go on"
WRONG_CODE = "That code did not work. Look at it again, or ask for a new one. After 5 wrong codes the page shuts. Then ask your worker."
KEPT = "What you wrote is still here. It has not been sent yet."
ASK_AGAIN = "Ask for a new code"

# Leaving. Nobody is promised that nothing can be found.
EXIT = "Leave now"
EXIT_SAFE = (
    "Tap “Leave now” to go to the weather page at once.",
    "Your phone may still show that you were here. This page shuts after 5 minutes if you do not touch it.",
    "Somebody else may look at your phone? Then do not keep the link. Your worker can shut this page at any time.",
)

# Who reads it, and when.
WHO_READS = "Who reads what I send?"
WHO_READS_WORDS = (
    "Your worker reads it. Their manager can read it too. It goes in your file. You can ask to see your file.",
    "They look at it in the day, from Monday to Friday.",
    "If you write at night, the night team is told. It may take them a long time.",
)
NIGHT = "We are not here at night."
DANGER, DANGER_NUMBER = "In danger now? Ring", "999"
TALK, TALK_NUMBER = "Want to talk? Childline is free, day and night:", "0800 1111"
RING_DAY = "Ring us in the day:"
RING_ANY = "Ring us at any time:"

# The plan itself.
MY_PLAN, NEW_SINCE = "My plan", "What is new since last time"
GIVEN = "You and your worker made this. You got it on"
ENDS = "You can open it until"
NOTHING_LEFT_OUT = "This is what your worker put on your phone. You can ask your worker for more."
RIGHT, NOT_RIGHT, MORE = "That’s right", "That’s not right", "Say more"
ABOUT_ALL = "About all of it"
SAY_ALL = "Say what you think"
DOES_NOT_HELP = "This plan does not help me"
WRONG_ABOUT_ME = "This is wrong about me"
COMPLAIN = "I want to complain"
LISTENS = "You can ask for someone to help you say it. They are called an advocate. They are on your side."

# Saying something.
ASKS = {
    "not_right": "What is not right?",
    "words": "What do you want to say?",
    "does_not_help": "What would help you more?",
    "wrong_about_me": "What did we get wrong?",
    "complaint": "What are you not happy about?",
}
MAY_BE_EMPTY = "You can leave this empty. Then we will ask you."
NOT_SHOWN = "When you send it, your words are not shown here again. So nobody who picks up your phone can read them."
SEND = "Send it"
NOT_NOW = "Go back. Send nothing"
WRITE_SOMETHING = "Write something, or go back."
TOO_LONG = "That is too long. Send it in two parts."
SENT = "Thank you. We have it."
SENT_RIGHT = "Thank you."

# What was done.
SAID_DID = "You said, we did"
NOTHING_SAID = "You have not sent us anything yet."
YOU_SAID = {
    "right": "You said: that’s right.",
    "not_right": "You said: that’s not right.",
    "words": "You sent us words.",
    "does_not_help": "You said: this plan does not help me.",
    "wrong_about_me": "You said: this is wrong about me.",
    "complaint": "You made a complaint.",
}
WE_DID = "We did:"
WE_DID_NOT = "We did not do it, because:"
LOOKING = "Someone is looking at this."
ANSWER_BY = "You get an answer by"

# On paper.
PAPER = (
    "This is your copy. You can say what is not right. Tell your worker, or ring us.",
    "Keep it where only you can find it. You can give it back.",
)
PAPER_ANSWER = "Tick: that’s right / that’s not right"


def all_words() -> dict[str, str]:
    """Every text above by its name: what is measured."""
    found: dict[str, str] = {}
    for name, value in globals().items():
        if not name.isupper():
            continue
        if isinstance(value, str):
            found[name] = value
        elif isinstance(value, tuple):
            found |= {f"{name} {number}": one for number, one in enumerate(value, 1)}
        elif isinstance(value, dict):
            found |= {f"{name} {key}": one for key, one in value.items()}
    return found
