// SPDX-License-Identifier: EUPL-1.2
// The file of a SQLite store before SQLite opens it. Internal to kits/store.
#pragma once

#include <string>

namespace verbund::store {

// Makes the file and the missing folders of its path, for the owner only, where they are not there. Gives an errno, 0 if
// all is well.
int make_file(const std::string& path);

}  // namespace verbund::store
