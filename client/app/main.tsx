// Starts the application in the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { SessionProvider } from "../api/session.tsx";
import "../ui/tokens.css";
import "../ui/base.css";
import { ToastProvider } from "../ui/toast.tsx";
import { Entrance } from "./entrance.tsx";
import { preloadPage } from "./pages.tsx";

preloadPage(window.location.pathname);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
// One route for all: which page an address shows is decided inside, by who is signed in.
const router = createBrowserRouter([
  {
    path: "*",
    element: (
      <ToastProvider>
        <SessionProvider>
          <Entrance />
        </SessionProvider>
      </ToastProvider>
    ),
  },
]);
createRoot(root).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
