// SPDX-License-Identifier: EUPL-1.2
// The formats that come in and go out. Every reader: streaming, constant memory, hostile input gives a clear error and
// changes nothing (content errors of single objects are findings, see import.h).
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/formats/import.h"
#include "kits/store/store.h"

namespace verbund::directory {

// Destatis GV100AD: fixed width, UTF-8 or ISO-8859-1 (told by validity), LF or CRLF. Complete list of areas.
Result<ImportSummary> import_gv100ad(store::Database&, const Clock&, const std::string& file, const ProgressReport&);

// CSV osm_id,ags,ort,plz,landkreis,bundesland (suche-postleitzahl.org). Complete list.
Result<ImportSummary> import_postcodes(store::Database&, const Clock&, const std::string& file, const ProgressReport&);

// XZuFi transfer messages 2.2.0 and 2.3.1 (2.1 namespaces accepted). `paths`: files and folders; a folder with
// index.txt is a complete stock. `source` empty: "xzufi:" and the name of the folder or file.
Result<ImportSummary> import_xzufi(store::Database&, const Clock&, const std::vector<std::string>& paths,
                                   std::string source, const ProgressReport&);

// DLDB (Berlin, Munich) services and locations. A complete stock of the source "dldb:<agency>".
Result<ImportSummary> import_dldb(store::Database&, const Clock&, const std::string& services_file,
                                  const std::string& locations_file, const std::string& agency, const AreaKey& area,
                                  const ProgressReport&);

// Our own JSON: a folder that export_json wrote (manifest.json and NAME.ndjson per kind), complete stock.
Result<ImportSummary> import_json(store::Database&, const Clock&, const std::string& folder, std::string source,
                                  const ProgressReport&);

struct ExportSummary { std::vector<std::pair<std::string, std::int64_t>> files; };  // name, objects
// Full exports of one consistent state into an empty or missing folder (errors: conflict if not empty): deterministic
// bytes, and import into an empty node gives the same state.
Result<ExportSummary> export_xzufi(store::Database&, const std::string& folder, const ProgressReport&);
Result<ExportSummary> export_json(store::Database&, const std::string& folder, const ProgressReport&);

}  // namespace verbund::directory
