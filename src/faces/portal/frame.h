// SPDX-License-Identifier: EUPL-1.2
// What every page has around it: title, addresses for search engines, head and foot.
#pragma once

#include "faces/portal/assets.h"
#include "faces/portal/texts.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

// Puts what head.html and foot.html need into `page.data`.
void add_frame(const Visit& visit, Page& page, const Texts& texts, const Assets& assets);

// /qr.svg?seite=: the address of one of our pages as a picture for the camera of a phone. Errors as problems: no page of ours.
http::Response qr_code(const Look& look, const http::Request& request);

// Who may show framed pages ("'self' https://stadt.example"), for the security headers. Settings come from the operator; what
// could break the header is left out.
std::string frame_ancestors(const Look& look);

}  // namespace verbund::portal
