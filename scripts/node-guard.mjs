/*
 * Evaluated before anything else of a program that a person or a runner starts. In the syntax of old versions, and without
 * imports: a newer one would end with an error about itself.
 */
const NEEDED = 24;
if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  process.stderr.write(
    `${process.env.GITHUB_ACTIONS ? "::error::" : ""}pitwall needs Node ${NEEDED} or newer, and this is ${process.version}: in a checkout of it run \`npm ci\` once, after ` +
      "which `npx pitwall` takes the Node that came along; elsewhere run `npx -p node@24 -p pitwall pitwall`; " +
      "in a workflow, update the runner to one that has node24\n",
  );
  process.exit(1);
}
