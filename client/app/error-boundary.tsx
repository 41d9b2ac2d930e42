// Keeps a failure inside the page where it happened.
import { Component, type ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { uiStrings } from "../ui/strings.ts";
import { shellStrings } from "./shell-strings.ts";

interface BoundaryState {
  error: unknown;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const words = shellStrings.broken;
    // A page's file that is gone means that the server has a newer build than this tab.
    const stale = error instanceof TypeError && /import|module/i.test(error.message);
    return (
      <>
        <PageHeader title={words.title} />
        <Notice
          tone="danger"
          live
          actions={
            <>
              {!stale && <Button onClick={() => this.setState({ error: null })}>{uiStrings.retry}</Button>}
              <Button look="primary" onClick={() => window.location.reload()}>
                {words.reload}
              </Button>
            </>
          }
        >
          <p>{stale ? words.stale : words.text}</p>
        </Notice>
      </>
    );
  }
}
