// The map of addresses to pages; each page is loaded when it is first opened.
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { Waiting } from "../ui/spinner.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { NotFound } from "./not-found.tsx";
import { Shell } from "./shell.tsx";
import { shellStrings } from "./shell-strings.ts";
import { isOrgAdmin } from "../../shared/actor.ts";
import { useMe } from "../api/session.tsx";

const loadHome = () => import("../features/home/home-page.tsx").then((part) => part.HomePage);
const HomePage = page(loadHome);
const SchedulePage = page(() =>
  import("../features/schedule/schedule-page.tsx").then((part) => part.SchedulePage),
);
const CalendarPage = page(() =>
  import("../features/calendar/calendar-page.tsx").then((part) => part.CalendarPage),
);
const CalendarSettingsPage = page(() =>
  import("../features/calendar/settings-page.tsx").then((part) => part.CalendarSettingsPage),
);
const NextCallPage = page(() =>
  import("../features/schedule/next-call-page.tsx").then((part) => part.NextCallPage),
);
const EditMeetingPage = page(() =>
  import("../features/schedule/edit-meeting-page.tsx").then((part) => part.EditMeetingPage),
);
const LobbyPage = page(() => import("../features/lobby/lobby-page.tsx").then((part) => part.LobbyPage));
const CallPage = page(() => import("./call-route.tsx").then((part) => part.CallRoute));
const RecapPage = page(() => import("./recap-route.tsx").then((part) => part.RecapRoute));
const RecapEmailsPage = page(() =>
  import("../features/recap/emails-page.tsx").then((part) => part.RecapEmailsPage),
);
const PlanPage = page(() => import("../features/plan/plan-page.tsx").then((part) => part.PlanPage));
const ReviewPage = page(() => import("../features/review/review-page.tsx").then((part) => part.ReviewPage));
const AskPage = page(() => import("../features/ask/ask-page.tsx").then((part) => part.AskPage));
const CareerArea = page(() => import("../features/career/career-area.tsx").then((part) => part.CareerArea));
const PrivacyPage = page(() =>
  import("../features/privacy/privacy-page.tsx").then((part) => part.PrivacyPage),
);
const OutboxPage = page(() => import("../features/outbox/outbox-page.tsx").then((part) => part.OutboxPage));
const MailPage = page(() => import("../features/outbox/mail-page.tsx").then((part) => part.MailPage));
const AdminArea = page(() => import("../features/admin/admin-area.tsx").then((part) => part.AdminArea));
const OrganizationPage = page(() =>
  import("../features/admin/organization-page.tsx").then((part) => part.OrganizationPage),
);
const AiPage = page(() => import("../features/admin/ai-page.tsx").then((part) => part.AiPage));
const EncryptionPage = page(() =>
  import("../features/admin/encryption-page.tsx").then((part) => part.EncryptionPage),
);
const RetentionPage = page(() =>
  import("../features/admin/retention-page.tsx").then((part) => part.RetentionPage),
);
const FlagsPage = page(() => import("../features/admin/flags-page.tsx").then((part) => part.FlagsPage));
const ApiKeysPage = page(() =>
  import("../features/admin/api-keys-page.tsx").then((part) => part.ApiKeysPage),
);
const SessionsPage = page(() =>
  import("../features/account/sessions-page.tsx").then((part) => part.SessionsPage),
);
const PhotoPage = page(() => import("../features/account/photo-page.tsx").then((part) => part.PhotoPage));
const ProfilePage = page(() =>
  import("../features/people/profile-page.tsx").then((part) => part.ProfilePage),
);
const MatchingPage = page(() =>
  import("../features/matching/matching-page.tsx").then((part) => part.MatchingPage),
);
const PeoplePage = page(() => import("../features/people/people-page.tsx").then((part) => part.PeoplePage));
const PersonPage = page(() => import("../features/people/person-page.tsx").then((part) => part.PersonPage));
const ObjectivesPage = page(() =>
  import("../features/admin/objectives-page.tsx").then((part) => part.ObjectivesPage),
);
const OverviewPage = page(() =>
  import("../features/admin/overview-page.tsx").then((part) => part.OverviewPage),
);
const GroupsPage = page(() => import("../features/rounds/groups-page.tsx").then((part) => part.GroupsPage));
const GroupPage = page(() => import("../features/rounds/group-page.tsx").then((part) => part.GroupPage));
const RoundPage = page(() => import("../features/rounds/round-page.tsx").then((part) => part.RoundPage));
const WeightsPage = page(() =>
  import("../features/rounds/weights-page.tsx").then((part) => part.WeightsPage),
);
const OwnRoundsPage = page(() =>
  import("../features/rounds/own-rounds-page.tsx").then((part) => part.OwnRoundsPage),
);
const AuditPage = page(() => import("../features/admin/audit-page.tsx").then((part) => part.AuditPage));
const ResumesPage = page(() =>
  import("../features/career/resumes/resumes-page.tsx").then((part) => part.ResumesPage),
);
const ResumePage = page(() =>
  import("../features/career/resumes/resume-page.tsx").then((part) => part.ResumePage),
);
const PostingsPage = page(() =>
  import("../features/career/postings/postings-page.tsx").then((part) => part.PostingsPage),
);
const PostingPage = page(() =>
  import("../features/career/postings/posting-page.tsx").then((part) => part.PostingPage),
);
const RunsPage = page(() => import("../features/career/runs/runs-page.tsx").then((part) => part.RunsPage));
const RunPage = page(() => import("../features/career/runs/run-page.tsx").then((part) => part.RunPage));
const ComparisonPage = page(() =>
  import("../features/career/runs/comparison-page.tsx").then((part) => part.ComparisonPage),
);
const ApplicationsPage = page(() =>
  import("../features/career/applications/applications-page.tsx").then((part) => part.ApplicationsPage),
);
const ApplicationPage = page(() =>
  import("../features/career/applications/application-page.tsx").then((part) => part.ApplicationPage),
);

/** Fetches the page at the address while it is still being asked who is there. */
export function preloadPage(pathname: string): void {
  // Where that fails, opening the page fails too, and says so.
  if (pathname === "/") loadHome().catch(() => undefined);
}

export function Pages() {
  return (
    <Routes>
      {/* The call has the whole window to itself. */}
      <Route path="/meetings/:id/call" element={<Guarded page={<CallPage />} />} />
      <Route element={<Shell />}>
        <Route path="/" element={<Guarded page={<HomePage />} />} />
        <Route path="/schedule" element={<Guarded page={<SchedulePage />} />} />
        <Route path="/calendar" element={<Guarded page={<CalendarPage />} />} />
        <Route path="/calendar/settings" element={<Guarded page={<CalendarSettingsPage />} />} />
        <Route path="/meetings/:id" element={<Guarded page={<LobbyPage />} />} />
        <Route path="/meetings/:id/edit" element={<Guarded page={<EditMeetingPage />} />} />
        <Route path="/meetings/:id/next" element={<Guarded page={<NextCallPage />} />} />
        <Route path="/meetings/:id/recap" element={<Guarded page={<RecapPage />} />} />
        <Route path="/meetings/:id/recap/emails" element={<Guarded page={<RecapEmailsPage />} />} />
        <Route path="/meetings/:id/review" element={<Guarded page={<ReviewPage />} />} />
        <Route path="/meetings" element={<Navigate to="/" replace />} />
        <Route path="/ask" element={<Guarded page={<AskPage />} />} />
        <Route path="/plan" element={<Guarded page={<PlanPage />} />} />
        <Route path="/privacy" element={<Guarded page={<PrivacyPage />} />} />
        <Route path="/outbox" element={<Guarded page={<OutboxPage />} />} />
        <Route path="/outbox/:mailId" element={<Guarded page={<MailPage />} />} />
        <Route path="/match" element={<Guarded page={<MatchingPage />} />} />
        <Route path="/match/rounds" element={<Guarded page={<OwnRoundsPage />} />} />
        <Route path="/people" element={<Guarded page={<PeoplePage />} />} />
        <Route path="/people/:userId" element={<Guarded page={<PersonPage />} />} />
        <Route path="/career" element={<Guarded page={<CareerArea />} />}>
          <Route index element={<Navigate to="resumes" replace />} />
          <Route path="resumes" element={<ResumesPage />} />
          <Route path="resumes/:resumeId" element={<ResumePage />} />
          <Route path="postings" element={<PostingsPage />} />
          <Route path="postings/:postingId" element={<PostingPage />} />
          <Route path="runs" element={<RunsPage />} />
          <Route path="runs/:runId" element={<RunPage />} />
          <Route path="runs/:runId/with/:otherId" element={<ComparisonPage />} />
          <Route path="applications" element={<ApplicationsPage />} />
          <Route path="applications/:applicationId" element={<ApplicationPage />} />
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route path="/account/profile" element={<Guarded page={<ProfilePage />} />} />
        <Route path="/account/photo" element={<Guarded page={<PhotoPage />} />} />
        <Route path="/account/sessions" element={<Guarded page={<SessionsPage />} />} />
        <Route path="/admin" element={<Guarded page={<AdminArea />} />}>
          <Route index element={<FirstAdminPage />} />
          <Route path="organization" element={<OrganizationPage />} />
          <Route path="overview" element={<OverviewPage />} />
          <Route path="api-keys" element={<ApiKeysPage />} />
          <Route path="matching" element={<GroupsPage />} />
          <Route path="matching/weights" element={<WeightsPage />} />
          <Route path="matching/rounds/:roundId" element={<RoundPage />} />
          <Route path="matching/:groupId" element={<GroupPage />} />
          <Route path="service" element={<ObjectivesPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="features" element={<FlagsPage />} />
          <Route path="models" element={<AiPage />} />
          <Route path="encryption" element={<EncryptionPage />} />
          <Route path="retention" element={<RetentionPage />} />
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}

function FirstAdminPage() {
  return <Navigate to={isOrgAdmin(useMe()) ? "organization" : "features"} replace />;
}

// Keyed by address: a page that failed, or shows one meeting, starts anew for the next.
function Guarded({ page: content }: { page: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary key={pathname}>
      <Suspense fallback={<Waiting label={shellStrings.loading} />}>{content}</Suspense>
    </ErrorBoundary>
  );
}

function page(load: () => Promise<ComponentType>) {
  return lazy(async () => ({ default: await load() }));
}
