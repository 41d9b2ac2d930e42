// Starts the application in the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { SessionProvider } from "../api/session.tsx";
import "../ui/tokens.css";
import "../ui/base.css";
import { ToastProvider } from "../ui/toast.tsx";
import { Entrance } from "./entrance.tsx";
import { preloadPage } from "./pages.tsx";

preloadPage(window.location.pathname);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <ToastProvider>
        <SessionProvider>
          <Entrance />
        </SessionProvider>
      </ToastProvider>
    </BrowserRouter>
  </StrictMode>,
);
