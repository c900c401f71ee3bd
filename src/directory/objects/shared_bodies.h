// SPDX-License-Identifier: EUPL-1.2
// What of the directory several nodes of an installation keep in common: the bodies of objects, which are the same at
// all that follow the same node.
#pragma once

#include "kits/store/text_stock.h"

namespace verbund::directory {

store::SharedColumn shared_bodies();

}  // namespace verbund::directory
