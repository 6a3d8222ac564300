import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { makeOverlay } from "../../../src/arms/patch/overlay.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const PACKAGE = {
  "site/vllm/__init__.py": "from vllm.core.speed import SPEED\nfrom vllm.core.other import OTHER\n",
  "site/vllm/core/__init__.py": "",
  "site/vllm/core/speed.py": "SPEED = 1\n",
  "site/vllm/core/other.py": "OTHER = 'as it was'\n",
  "site/vllm/data.json": "{}\n",
};

const FASTER = `diff --git a/vllm/core/speed.py b/vllm/core/speed.py
--- a/vllm/core/speed.py
+++ b/vllm/core/speed.py
@@ -1 +1 @@
-SPEED = 1
+SPEED = 2
diff --git a/tests/test_speed.py b/tests/test_speed.py
--- a/tests/test_speed.py
+++ b/tests/test_speed.py
@@ -1 +1 @@
-assert SPEED == 1
+assert SPEED == 2
`;

const place = () => createFixture(PACKAGE);

type Place = Awaited<ReturnType<typeof place>>;
const overlaid = (folder: Place, patch: string) =>
  makeOverlay({ patch, source: folder.getPath("site/vllm"), overlay: folder.getPath("overlay") }, recordingTools());

/** What Python imports with the overlay in front. */
const python = (folder: Place, code: string, path = "overlay") =>
  execFileSync(
    "python3",
    ["-c", `import sys; sys.path[:0] = ['${folder.getPath(path)}', '${folder.getPath("site")}']; ${code}`],
    {
      encoding: "utf8",
    },
  ).trim();

describe("a patch of the package", () => {
  test("is what Python imports, with all else as it was", async () => {
    await using folder = await place();
    expect(python(folder, "import vllm; print(vllm.SPEED)", "site")).toBe("1");
    expect((await overlaid(folder, FASTER)).kind).toBe("patched");
    expect(python(folder, "import vllm; print(vllm.SPEED, vllm.OTHER)")).toBe("2 as it was");
    expect(python(folder, "import vllm; print(vllm.SPEED)", "site")).toBe("1");
    expect(readFileSync(folder.getPath("site/vllm/core/speed.py"), "utf8")).toBe("SPEED = 1\n");
    expect(existsSync(folder.getPath("overlay/vllm/data.json"))).toBe(true);
  });

  test("does so inside of a git repository, too", async () => {
    await using folder = await place();
    execFileSync("git", ["init", "--quiet", folder.path]);
    expect((await overlaid(folder, FASTER)).kind).toBe("patched");
    expect(python(folder, "import vllm; print(vllm.SPEED)")).toBe("2");
  });

  test("adds, renames and removes files", async () => {
    await using folder = await place();
    const patch = `diff --git a/vllm/core/other.py b/vllm/new/moved.py
similarity index 100%
rename from vllm/core/other.py
rename to vllm/new/moved.py
diff --git a/vllm/__init__.py b/vllm/__init__.py
--- a/vllm/__init__.py
+++ b/vllm/__init__.py
@@ -1,2 +1,2 @@
 from vllm.core.speed import SPEED
-from vllm.core.other import OTHER
+from vllm.new.moved import OTHER
`;
    expect((await overlaid(folder, patch)).kind).toBe("patched");
    expect(python(folder, "import vllm; print(vllm.OTHER)")).toBe("as it was");
    expect(existsSync(folder.getPath("overlay/vllm/core/other.py"))).toBe(false);
  });
});

describe("a patch that is refused", () => {
  test.each([
    ["does not apply", FASTER.replace("-SPEED = 1", "-SPEED = 7"), "patch_failed", "it does not apply cleanly: "],
    ["is no patch", "hello\n", "patch_failed", "No valid patches in input"],
    ["is empty", "\n", "no_patch", "the patch is empty"],
    ["changes tests alone", FASTER.slice(FASTER.indexOf("diff --git a/tests")), "no_patch", "no file of the package"],
    ["needs a build", FASTER.replaceAll("tests/test_speed.py", "csrc/speed.cu"), "patch_failed", "only in a build"],
  ])("because it %s leaves no overlay", async (_, patch, reason, detail) => {
    await using folder = await place();
    expect(await overlaid(folder, patch)).toEqual({
      kind: "refused",
      failure: { reason, detail: expect.stringContaining(detail) },
    });
    expect(existsSync(folder.getPath("overlay"))).toBe(false);
  });
});
