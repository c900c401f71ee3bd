// SPDX-License-Identifier: EUPL-1.2
// /netz: who belongs to the network, how far each is and what is wrong.
#pragma once

#include "faces/network_log/network_status.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

Page network_page(const Visit& visit, const network_log::NetworkStatus& status, Instant now);

}  // namespace verbund::portal
