import type { Sign } from "../sign.ts";
import { ARGUMENT_SIGNS, CONFIGURATION_SIGNS } from "./arguments.ts";
import { CLUSTER_SIGNS, NCCL_SIGNS } from "./cluster.ts";
import { COMPILER_SIGNS } from "./compiler.ts";
import { DOCKER_SIGNS } from "./docker.ts";
import { DRIVER_SIGNS } from "./driver.ts";
import { GPU_SIGNS } from "./gpu.ts";
import { HUB_SIGNS, REACH_SIGNS } from "./hub.ts";
import { MACHINE_SIGNS } from "./machine.ts";
import { HOST_MEMORY_SIGNS, MEMORY_SIGNS } from "./memory.ts";
import { MODEL_SIGNS } from "./model.ts";
import { PACKAGE_SIGNS } from "./software.ts";

/** In this order: the special before the general, and a cause before what comes of it (NCCL fails when memory does). */
export const SIGNS: Sign[] = [
  ...ARGUMENT_SIGNS,
  ...HUB_SIGNS,
  ...HOST_MEMORY_SIGNS,
  ...MEMORY_SIGNS,
  ...DRIVER_SIGNS,
  ...CLUSTER_SIGNS,
  ...GPU_SIGNS,
  ...DOCKER_SIGNS,
  ...MACHINE_SIGNS,
  ...NCCL_SIGNS,
  ...COMPILER_SIGNS,
  ...MODEL_SIGNS,
  ...PACKAGE_SIGNS,
  ...REACH_SIGNS,
  ...CONFIGURATION_SIGNS,
];
