// The page for addresses that lead nowhere.
import { Compass } from "lucide-react";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { shellStrings } from "./shell-strings.ts";

export function NotFound() {
  const words = shellStrings.notFound;
  return (
    <>
      <PageHeader title={words.title} />
      <EmptyState
        icon={Compass}
        title={words.text}
        action={
          <ButtonLink to="/" look="primary">
            {words.action}
          </ButtonLink>
        }
      />
    </>
  );
}
