/** A setting as whoever runs the service may see it. */
export interface ShownSetting {
  readonly name: string;
  /** As it was written; null where there is none, and of a secret. */
  readonly value: string | null;
  /** Null where nothing says it. */
  readonly source: "environment" | "file" | "default" | null;
  readonly isSecret: boolean;
  readonly description: string;
}
