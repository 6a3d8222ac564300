import { plainLine } from "./plain.ts";

/** HTML in which texts of others are text. Only this module makes it; `source` is for files. */
export class Html {
  readonly source: string;
  /** No object of another form is one. */
  readonly #made = true;

  constructor(source: string) {
    this.source = source;
  }

  static is(value: unknown): value is Html {
    return typeof value === "object" && value !== null && #made in value;
  }
}

type Value = Html | string | number | readonly Html[];

/** HTML as it is written, with values between tags or in quoted attributes: texts lose every meaning but their own. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(sourceOf)));
}

function sourceOf(value: Value): string {
  if (Html.is(value)) return value.source;
  if (typeof value === "object") return value.map(({ source }) => source).join("");
  return plainLine(String(value)).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
