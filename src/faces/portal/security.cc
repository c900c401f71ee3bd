// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/security.h"

namespace verbund::portal {

http::Response secured(http::Response response, const std::string& ancestors, const std::string& styles) {
  response.header("Content-Security-Policy",
                  "default-src 'none'; " + (styles.empty() ? styles : "style-src " + styles + "; ") +
                  "script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
                  "form-action 'self'; base-uri 'none'; frame-ancestors " + ancestors)
      .header("X-Content-Type-Options", "nosniff")
      .header("Referrer-Policy", "same-origin")
      .header("Permissions-Policy", "camera=(), geolocation=(self), microphone=(), payment=(), usb=()")
      .header("Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

}  // namespace verbund::portal
