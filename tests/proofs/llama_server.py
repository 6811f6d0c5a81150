"""llama.cpp's server with a model made here: run by an interpreter that has xllamacpp and gguf.

The model has one layer, 256 tokens for the bytes of UTF-8, and weights of a seeded generator: it
says nothing sensible. What is real is the server: HTTP, chat templates, grammars, probabilities.
"""

import sys
import threading
from pathlib import Path

import numpy as np
import xllamacpp  # type: ignore[import-not-found]
from gguf import GGUFWriter, TokenType  # type: ignore[import-not-found]

WIDTH, HEADS, INNER, CONTEXT = 64, 4, 128, 16384
PAIR = ("t", "h")
"""The one merge; a tokenizer of this kind needs one."""
SPECIAL = ("<|begin|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def letters() -> list[str]:
    """A printable sign for each byte, as GPT-2's tokenizer spells them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    other = [byte for byte in range(256) if byte not in plain]
    spelled = {byte: chr(byte) for byte in plain}
    spelled |= {byte: chr(256 + at) for at, byte in enumerate(other)}
    return [spelled[byte] for byte in range(256)]


def write(path: Path) -> None:
    """Make the model; the same bytes each time."""
    tokens = [*letters(), "".join(PAIR), *SPECIAL]
    made = GGUFWriter(str(path), "llama")
    made.add_context_length(CONTEXT)
    made.add_embedding_length(WIDTH)
    made.add_block_count(1)
    made.add_feed_forward_length(INNER)
    made.add_head_count(HEADS)
    made.add_head_count_kv(HEADS)
    made.add_layer_norm_rms_eps(1e-5)
    made.add_rope_dimension_count(WIDTH // HEADS)
    made.add_vocab_size(len(tokens))
    made.add_tokenizer_model("gpt2")
    made.add_tokenizer_pre("gpt-2")
    made.add_token_list(tokens)
    kinds = [TokenType.NORMAL] * 257 + [TokenType.CONTROL] * len(SPECIAL)
    made.add_token_types(kinds)
    made.add_token_merges([" ".join(PAIR)])
    made.add_bos_token_id(257)
    made.add_eos_token_id(259)
    made.add_add_bos_token(value=False)
    made.add_chat_template(TEMPLATE)
    for name, values in weights(len(tokens)):
        made.add_tensor(name, values)
    made.write_header_to_file()
    made.write_kv_data_to_file()
    made.write_tensors_to_file()
    made.close()


def weights(tokens: int) -> list[tuple[str, np.ndarray]]:
    """The tensors of a model with one layer, in an order."""
    drawn = np.random.default_rng(7)
    shapes = {
        "token_embd.weight": (tokens, WIDTH),
        "output.weight": (tokens, WIDTH),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_k.weight": (WIDTH, WIDTH),
        "blk.0.attn_v.weight": (WIDTH, WIDTH),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_gate.weight": (INNER, WIDTH),
        "blk.0.ffn_up.weight": (INNER, WIDTH),
        "blk.0.ffn_down.weight": (WIDTH, INNER),
    }
    norms = ("output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight")
    return [
        *((name, np.ones(WIDTH, np.float32)) for name in norms),
        *((name, drawn.normal(0, 0.3, shape).astype(np.float32)) for name, shape in shapes.items()),
    ]


def main(folder: Path) -> None:
    """Serve on a free port, and write the address to a file when it is up."""
    model = folder / "tiny.gguf"
    write(model)
    asked = xllamacpp.CommonParams()
    asked.model.path = str(model)
    asked.n_ctx, asked.n_parallel, asked.n_gpu_layers = CONTEXT * 2, 2, 0
    asked.hostnames, asked.port = ["127.0.0.1"], 0
    asked.use_jinja, asked.warmup = True, False
    asked.cpuparams.n_threads = 1
    server = xllamacpp.Server(asked)
    (folder / "address.part").write_text(f"{server.listening_address}/v1", "utf-8")
    (folder / "address.part").rename(folder / "address")
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
