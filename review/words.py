"""Every word that pages and routes show, in one place. Words of errors stand with the errors."""

from __future__ import annotations

from models.people import PairingRole
from models.run import RunState, StepName

PRODUCT = "Debrief"

# Signing in and out ------------------------------------------------------------------------------------------------

SIGN_IN = "Sign in"
SIGN_IN_LEAD = "Lessons are private: only the people they were shared with can open them."
EMAIL = "E-mail address"
PASSWORD = "Password"  # noqa: S105  the label of a field
SIGN_OUT = "Sign out"
SIGN_OUT_LEAD = "You are signed in as {name}."
SIGN_OUT_EVERYWHERE = "Sign out on all my devices"
STAY = "Stay signed in"
SIGNED_OUT = "You are signed out."
SESSION_ENDED = "Your session has ended. Nothing you saved is lost; please sign in again."

# Not found and trouble ---------------------------------------------------------------------------------------------

NOT_FOUND = "Not found"
NOT_FOUND_LEAD = "This page does not exist, or it is not shared with you."
HOME = "My lessons"
TROUBLE = "Something went wrong on our side; nothing you saved is lost. Please try again."

# My lessons --------------------------------------------------------------------------------------------------------

MY_LESSONS = "My lessons"
WATCH = "Watch"
NO_LESSONS = "No lessons yet"
TO_PROGRAMME = "You coordinate a programme: [see how its lessons are getting on](/programme)."
NO_LESSONS_LEAD = (
    "A lesson appears here when you taught it, or when its teacher shares it with a pairing you belong to. "
    "Recordings are taken in on the server: whoever runs it can add one with `debrief demo --recording FILE`."
)
RETRY = "Try again"
NO_RECORDING = "No recording yet"
COMMENT_ONE = "1 comment"
COMMENT_MANY = "{count} comments"
COMMENT_NONE = "No comments yet"
WITHOUT_TITLE = "Lesson"

STATES = {
    RunState.WAITING: "Waiting for its turn",
    RunState.RUNNING: "Being prepared",
    RunState.DONE: "Ready to watch",
    RunState.FAILED: "Could not be prepared",
    RunState.CANCELLED: "Cancelled",
}
STEPS = {
    StepName.PROBE: "Looking at the recording",
    StepName.TRANSCODE: "Making it playable",
    StepName.TRANSCRIBE: "Recognising speech",
    StepName.PROPOSE_CLIPS: "Finding clips",
    StepName.READY: "Putting it in place",
}
ABOUT_MINUTES_LEFT = "about {count} min left in this step"
LESS_THAN_A_MINUTE_LEFT = "less than a minute left in this step"

# Watching ----------------------------------------------------------------------------------------------------------

CHOOSE_A_LESSON = "Choose a lesson to watch."
PLAYER_MISSING = "The player is not built: review/ui/player/dist is missing from this installation."
NOTE_TITLE = "Only me"
CONVERSATION_TITLE = "With {names}"

# Programme ---------------------------------------------------------------------------------------------------------

PROGRAMME = "Programme"
PROGRAMME_LEAD = (
    "You see that a lesson exists, whose it is and how far it is prepared. What happens in it stays theirs."
)
PROGRAMME_EMPTY = "There are no lessons in your programmes yet."
COLUMN_TEACHERS = "Taught by"
COLUMN_DATE = "Date"
COLUMN_STATE = "State"
COLUMN_PROGRESS = "Prepared"
TOTAL_LESSONS = "lessons"
TOTAL_READY = "ready"
TOTAL_UNDER_WAY = "being prepared"
TOTAL_STOPPED = "stopped"

# Account -----------------------------------------------------------------------------------------------------------

ACCOUNT = "Account"
ACCOUNT_LEAD = "Signed in as {name}"
YOUR_PAIRINGS = "Your pairings"
NO_PAIRINGS = "You belong to no pairing at present."

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

ROLES = {PairingRole.MENTEE: "mentee", PairingRole.MENTOR: "mentor"}
PAIRING_LINE = "You are a {role}, with {names}"
PAIRING_UNTIL = ", until {day}"
PAIRING_ENDED = "; it ended on {day} and can still be read for a while"
