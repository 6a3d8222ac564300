import { flag } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { secondsOrNone } from "../schema/number-fields.ts";

/** What is done about the machine before anything is measured. @param quietWait seconds, where nothing is said */
export const machineInputs = (quietWait: number) =>
  inGroup("Machine and commit", {
    quietWait: secondsOrNone(
      "Seconds to wait at most until this machine is quiet; then it goes on, with a warning. 0 does not look.",
    ).default(quietWait),
    lockClocks: flag(
      "Keep the clocks of NVIDIA GPUs fixed meanwhile, where nvidia-smi may: needs rights of root.",
    ).default(false),
  });
