"""Keys of vendors of language models and of the tools around them."""
# ruff: noqa: E501 (rows of a table)

from pipeline.pii.rule import Rule
from pipeline.pii.rules.secrets_vendors import A, W, X, vendor_rule

KEYS = {
    "openai_key": ("sk-", f"(?:(?:proj|svcacct|admin|None)-{W}{{40,}}|{A}{{20}}T3BlbkFJ{A}{{20}}|{A}{{40,64}})",
                   f"sk-(?:(?:proj|svcacct|admin|None)-{W}{{12}}|{A}{{20}})"),
    "anthropic_key": ("sk-ant-", f"{W}{{32,}}", ""),
    "openrouter_key": ("sk-or-", f"(?:v1-)?{A}{{40,}}", ""),
    "deepseek_key": ("sk-", f"{X}{{32}}", f"sk-{X}{{12}}"),
    "langfuse_key": ("[sp]k-lf-", f"{X}{{8}}-(?:{X}{{4}}-){{3}}{X}{{12}}", ""),
    "huggingface_token": ("(?:hf_|api_org_)", f"{A}{{30,40}}", f"(?:hf|api_org)_{A}{{12}}"),
    "groq_key": ("gsk_", f"{A}{{40,}}", ""),
    "xai_key": ("xai-", f"{A}{{60,}}", f"xai-{A}{{12}}"),
    "replicate_token": ("r8_", f"{A}{{36,40}}", f"r8_{A}{{12}}"),
    "perplexity_key": ("pplx-", f"{A}{{40,56}}", ""),
    "together_key": ("tgp_v1_", f"{W}{{40,}}", ""),
    "fireworks_key": ("fw_", f"{A}{{22,24}}", f"fw_{A}{{12}}"),
    "elevenlabs_key": ("sk_", f"{X}{{48}}", f"sk_{X}{{12}}"),
    "langsmith_key": ("ls(?:v2_(?:pt|sk)|__)_?", r"\w{32,}", "lsv2_|ls__[0-9a-f]"),
    "pinecone_key": ("pcsk_", r"\w{40,}", ""),
    "cerebras_key": ("csk-", f"{A}{{40,}}", ""),
    "nvidia_key": ("nvapi-", f"{W}{{40,}}", ""),
    "tavily_key": ("tvly-", f"{W}{{20,}}", ""),
    "jina_key": ("jina_", f"{W}{{40,}}", ""),
    "voyage_key": ("pa-", f"{W}{{40,}}", f"pa-{W}{{24}}"),
    "apify_token": ("apify_api_", f"{A}{{30,}}", ""),
    "wandb_key": ("wandb_v1_", f"{W}{{40,}}", ""),
    "comet_fal_key": (f"{X}{{8}}-(?:{X}{{4}}-){{3}}{X}{{12}}:", f"{X}{{32}}", f"{X}{{12}}:{X}{{12}}"),
    "volcengine_zhipu_key": (rf"{X}{{32}}\.", f"{A}{{16}}", rf"{X}{{16}}\.{A}{{16}}"),
    "stability_lambda_key": ("secret_[a-z0-9-]{4,40}_", r"[\w.]{32,}", ""),
}  # fmt: skip
"""As in secrets_vendors."""

RULES: tuple[Rule, ...] = tuple(vendor_rule(name, *shape) for name, shape in KEYS.items())
