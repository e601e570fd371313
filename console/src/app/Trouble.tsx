import { Component, type ReactNode } from "react";

import { Problem } from "./Problem";

/** Shows what a page could not do, in its place; the rest of the console goes on. */
export class Trouble extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return "error" in this.state ? <Problem of={this.state.error} /> : this.props.children;
  }
}
