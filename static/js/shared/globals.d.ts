// What the pages' scripts find in the window: the libraries that templates load, and htmx's events.

import type * as tusClient from "tus-js-client";
import type uPlotClass from "uplot";

/** What htmx says of a request, as far as the scripts ask. */
interface HtmxRequest {
  elt: Element;
  target: Element;
  xhr: XMLHttpRequest;
  successful: boolean;
  requestConfig: { verb: string; path: string; triggeringEvent?: Event };
}

declare global {
  interface Window {
    htmx: {
      trigger(element: Element, event: string): void;
      process(element: Element): void;
      ajax(
        verb: string,
        path: string,
        context: { source: Element; event?: Event; values?: Record<string, string> },
      ): Promise<void>;
    };
    uPlot: typeof uPlotClass;
    tus: typeof tusClient;
    Idiomorph: {
      defaults: {
        callbacks: {
          beforeAttributeUpdated(name: string, element: Element): boolean;
          beforeNodeMorphed(old: Node, fresh: Node): boolean;
        };
      };
    };
  }

  interface GlobalEventHandlersEventMap {
    "htmx:afterOnLoad": CustomEvent<HtmxRequest>;
    "htmx:beforeOnLoad": CustomEvent<HtmxRequest>;
    "htmx:afterRequest": CustomEvent<HtmxRequest>;
    "htmx:afterSettle": CustomEvent<HtmxRequest>;
    "htmx:afterSwap": CustomEvent<HtmxRequest>;
    "htmx:beforeRequest": CustomEvent<HtmxRequest>;
    "htmx:beforeSwap": CustomEvent<HtmxRequest>;
    "htmx:responseError": CustomEvent<HtmxRequest>;
    "htmx:sendError": CustomEvent<HtmxRequest>;
    "htmx:timeout": CustomEvent<HtmxRequest>;
    "htmx:xhr:progress": CustomEvent<{ lengthComputable: boolean; loaded: number; total: number }>;
  }
}
