/** Size of a part of a long text: below the limit of 65,536 bytes with room for the other fields. */
export const PART_BYTES = 60_000;
