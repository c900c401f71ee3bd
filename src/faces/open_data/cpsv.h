// SPDX-License-Identifier: EUPL-1.2
// Services in the vocabulary of the European catalogues of public services.
// Source: CPSV-AP 3.2.0 (SEMIC) and its SHACL shapes; regional keys as IRIs of DCAT-AP.de; authority tables of the EU
// Publications Office for language, country and currency.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/service.h"
#include "directory/finder/finder.h"
#include "directory/objects/object_store.h"
#include "kits/rdf/rdf.h"

namespace verbund::open_data {

std::span<const rdf::Prefix> cpsv_prefixes();

// What the IRIs of our things begin with: the public address and "/api/v1/cpsv/", or "urn:verbund:" without one.
std::string iri_base(std::string_view base_url);

// A service and all it refers to: authorities, areas, channels, contact points, costs, inputs, requirements, rules,
// life events; the service first, each thing once. Competent are the units responsible at the first 20 areas where the
// text is valid (none named: all of Germany), else its publisher, else its agency. Texts are plain, in the languages
// the data has; a service without a description has its title for one.
std::vector<rdf::Node> cpsv_service(const directory::Service& service, const directory::Snapshot& snapshot,
                                    const directory::ObjectStore& objects, std::string_view base);

enum class RdfForm { turtle, json_ld };

// A document of the services `begin` to `begin + most` in the order of their ids; gives how many it holds. Memory: one
// service at a time.
std::size_t write_cpsv(const directory::Snapshot& snapshot, const directory::ObjectStore& objects,
                       std::string_view base, RdfForm form, std::size_t begin, std::size_t most,
                       const std::function<void(std::string_view)>& out);
// The document of these nodes.
std::string cpsv_document(std::span<const rdf::Node> nodes, RdfForm form);

}  // namespace verbund::open_data
