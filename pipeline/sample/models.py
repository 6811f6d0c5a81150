"""The models that answer, and how FastChat frames their conversations."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random


@dataclass(frozen=True)
class Template:
    """Frame of a prompt; the messages of `few_shot` come first and are not the user's."""

    name: str
    roles: tuple[str, str]
    system: str = ""
    few_shot: tuple[str, ...] = ()


POLITE = "A person talks with a helpful assistant. The assistant gives detailed, polite answers."
CHATML = ("<|im_start|>user", "<|im_start|>assistant")
INSTRUCTION = ("### Instruction", "### Response")
CHATGPT = Template("chatgpt", ("user", "assistant"))
CLAUDE = Template("claude", ("Human", "Assistant"))
VICUNA = Template("vicuna_v1.1", ("USER", "ASSISTANT"), POLITE)
ONE_SHOT = Template(
    "one_shot",
    ("Human", "Assistant"),
    POLITE,
    (
        "How can I keep a houseplant alive?",
        "Give it light, little water and a pot with a hole. Most plants die of too much care.",
    ),
)
RWKV = Template("rwkv", ("Bob", "Alice"), "", ("hi", "Hi. Ask me anything, I will do my best."))

# name: template, share of the traffic in per mille
MODELS = {
    "vicuna-13b": (VICUNA, 300),
    "koala-13b": (Template("koala_v1", ("USER", "GPT"), POLITE), 100),
    "alpaca-13b": (Template("alpaca", INSTRUCTION, POLITE), 60),
    "gpt-4": (CHATGPT, 60),
    "gpt-3.5-turbo": (CHATGPT, 60),
    "claude-v1": (CLAUDE, 60),
    "claude-instant-v1": (CLAUDE, 50),
    "bard": (Template("bard", ("0", "1")), 40),
    "chatglm-6b": (Template("chatglm", ("问", "答")), 50),
    "llama-13b": (ONE_SHOT, 50),
    "dolly-v2-12b": (Template("dolly_v2", INSTRUCTION, POLITE), 40),
    "RWKV-4-Raven-14B": (RWKV, 40),
    "mpt-7b-chat": (Template("mpt-7b-chat", CHATML, POLITE), 40),
    "heron-7b-chat": (Template("heron", CHATML), 30),
    "maple-34b": (Template("zero_shot", ("Human", "Assistant"), POLITE), 20),
}
ROUTER = "p2l-router-7b"  # hands a prompt on to another model
SEEING = "gpt-4o-2024-05-13"  # accepts images
TEMPLATES = {name: template for name, (template, _) in MODELS.items()} | {
    ROUTER: CHATGPT,
    SEEING: CHATGPT,
}
STEPS = tuple(accumulate(share for _, share in MODELS.values()))


def draw(rng: Random) -> str:
    """Name of a model, by its share."""
    return rng.choices(tuple(MODELS), cum_weights=STEPS)[0]


def draw_pair(rng: Random) -> tuple[str, str]:
    """Two different names, for a battle."""
    left = draw(rng)
    right = draw(rng)
    while right == left:
        right = draw(rng)
    return left, right
