"""What a customer is told of his request for help on the road, by the state that staff give it."""

from collections.abc import Mapping

NEWS: Mapping[str, Mapping[str, str]] = {
    "in_progress": {
        "zh": "{number} 的救援已经出发。请在安全的地方等候，留意来电。",
        "en": "Help for {number} is on the way. Please wait in a safe place and keep your phone "
        "at hand.",
    },
    "done": {
        "zh": "{number} 的道路救援已经完成。还有什么需要，直接在这里说。",
        "en": "The roadside help {number} is done. If you need anything else, just write here.",
    },
    "cancelled": {
        "zh": "{number} 的道路救援已经取消。如果还需要帮助，请打救援电话 {hotline}。",
        "en": "The roadside help {number} has been cancelled. If you still need help, please call "
        "{hotline}.",
    },
}
