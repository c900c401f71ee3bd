// SPDX-License-Identifier: EUPL-1.2
// What people say and what the administration calls it. The list is data/vocabulary/everyday.tsv, inside the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::directory::finder {

struct EverydayWord {
  std::string phrase;                  // "Perso verloren"
  std::vector<std::string> official;   // "Verlust Personalausweis", ...
};

// Lines "everyday phrase <TAB> official words, official words"; "#" begins a comment line.
// Errors: invalid, with the line (no tab, an empty side, a phrase twice).
Result<std::vector<EverydayWord>> read_vocabulary(std::string_view text);

// The list inside the program.
const std::vector<EverydayWord>& everyday_vocabulary();

}  // namespace verbund::directory::finder
