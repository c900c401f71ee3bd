// SPDX-License-Identifier: EUPL-1.2
#include "kits/rdf/rdf.h"

#include <gtest/gtest.h>

namespace verbund::rdf {
namespace {

constexpr Prefix prefixes[] = {{"dct", "http://purl.org/dc/terms/"}, {"xsd", "http://www.w3.org/2001/XMLSchema#"}};

TEST(Rdf, ANodeIsWrittenAsTurtleAndAsJsonLd) {
  Node node{"urn:a", {"dct:Thing"}, {}};
  node.say("dct:title", text("Hund \"Rex\"\n\\", "de"))
      .say("dct:title", text("Dog", "en"))
      .say("dct:relation", thing("http://x.example/a b<c>"))
      .say("dct:extent", typed("1.5", "xsd:double"))
      .say("dct:identifier", text("7"))
      .say("dct:identifier", text("7"))      // once
      .say("dct:description", text("", "de"));  // not at all
  EXPECT_EQ(turtle_head(prefixes), "@prefix dct: <http://purl.org/dc/terms/> .\n"
                                   "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n");
  EXPECT_EQ(turtle(node), "\n<urn:a>\n  a dct:Thing ;\n  dct:title \"Hund \\\"Rex\\\"\\n\\\\\"@de ;\n"
                          "  dct:title \"Dog\"@en ;\n  dct:relation <http://x.example/a%20b%3Cc%3E> ;\n"
                          "  dct:extent \"1.5\"^^xsd:double ;\n  dct:identifier \"7\" .\n");
  EXPECT_EQ(json_ld(node).to_canonical(),
            R"({"@id":"urn:a","@type":["dct:Thing"],"dct:extent":[{"@type":"xsd:double","@value":"1.5"}],)"
            R"("dct:identifier":[{"@value":"7"}],"dct:relation":[{"@id":"http://x.example/a%20b%3Cc%3E"}],)"
            R"("dct:title":[{"@language":"de","@value":"Hund \"Rex\"\n\\"},{"@language":"en","@value":"Dog"}]})");
  EXPECT_EQ(json_ld_context(prefixes)["dct"], Json("http://purl.org/dc/terms/"));
}

TEST(Rdf, ControlCharactersAreEscapedInTurtle) {
  Node node{"urn:a", {"dct:Thing"}, {}};
  node.say("dct:title", text(std::string("a\x01\x7f\t\r", 5), "de"));
  EXPECT_EQ(turtle(node), "\n<urn:a>\n  a dct:Thing ;\n  dct:title \"a\\u0001\\u007F\\t\\r\"@de .\n");
}

}  // namespace
}  // namespace verbund::rdf
