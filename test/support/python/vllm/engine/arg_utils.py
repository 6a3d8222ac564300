import dataclasses

MODEL_CONTEXT = 4096  # what the model itself says


@dataclasses.dataclass
class EngineArgs:
    model: str = ""
    max_model_len: int | None = None
    enable_prefix_caching: bool = True
    fake_kv_tokens: int | None = None
    fake_oom_again: bool = False
    fake_die_when_ready: bool = False
    fake_batch_seconds: float = 0.02
    fake_late_context: bool = False

    @classmethod
    def add_cli_args(cls, parser):
        for field in dataclasses.fields(cls):
            flag = f"--{field.name.replace('_', '-')}"
            if isinstance(field.default, bool):
                parser.add_argument(flag, action="store_true", default=field.default)
            else:
                kind = float if isinstance(field.default, float) else str if field.name == "model" else int
                parser.add_argument(flag, type=kind, default=field.default)
        return parser

    @classmethod
    def from_cli_args(cls, args):
        return cls(**{field.name: getattr(args, field.name) for field in dataclasses.fields(cls)})

    def create_model_config(self):
        if self.fake_late_context:
            raise OSError("the model cannot be read before the engine reads it")
        return dataclasses.replace(self, max_model_len=self.max_model_len or MODEL_CONTEXT)
