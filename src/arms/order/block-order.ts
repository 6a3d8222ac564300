/**
 * In which order the arms of a block are measured: a row of a Williams design (Williams, 1949), in which each arm comes after
 * each other one equally often, followed by its mirror image. So each is measured twice around the same mean moment, which a
 * steady drift cannot favour; for two it is ABBA, and BAAB in the next block. Rows take turns, so that each arm begins.
 * @param arms at least two, in the order of the file @param block from 0
 */
export function blockOrder<A>(arms: readonly A[], block: number): A[] {
  const row = williamsRow(arms.length, block % arms.length).map((place) => arms[place]!);
  return [...row, ...row.toReversed()];
}

/** 0, 1, n−1, 2, n−2, …, each shifted by the row. For odd n the rows backwards complete the design: here they follow each. */
function williamsRow(count: number, shift: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const step = index % 2 === 1 ? (index + 1) / 2 : count - index / 2;
    return (step + shift) % count;
  });
}
