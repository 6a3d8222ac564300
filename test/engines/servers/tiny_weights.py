"""Gives a tiny model that has a configuration and a tokenizer only random weights. Usage: tiny_weights.py FROM TO."""

import shutil
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM

source, target = sys.argv[1:]
torch.manual_seed(0)
shutil.copytree(source, target)
AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(source)).save_pretrained(target)
