// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/note.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "kits/tlog/checkpoint.h"

namespace verbund::tlog {
namespace {

// Fixed, so that a failure can be repeated; the files in testdata/note were signed with them.
SignerKey fixed_key(std::string name, KeyType type, unsigned char first) {
  SignerKey key{std::move(name), type, {}};
  for (std::size_t i = 0; i < key.seed.size(); ++i) key.seed[i] = static_cast<unsigned char>(first + i);
  return key;
}

const SignerKey& log_key() {
  static const SignerKey key = fixed_key("stadt.example/log", KeyType::note, 1);
  return key;
}

const SignerKey& witness_key() {
  static const SignerKey key = fixed_key("zeuge.example", KeyType::cosignature, 100);
  return key;
}

Instant at(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }

std::string with_flipped_bit(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  return bytes;
}

TEST(KeyText, ReadsWhatItWrites) {
  for (const SignerKey& key : {log_key(), witness_key(), SignerKey::generate("neu.example")}) {
    const auto again = SignerKey::parse(key.to_text());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->seed, key.seed);
    EXPECT_EQ(again->name, key.name);
    EXPECT_EQ(VerifierKey::parse(key.verifier().to_text()).value(), key.verifier());
  }
  EXPECT_TRUE(log_key().to_text().starts_with("PRIVATE+KEY+stadt.example/log+"));
}

TEST(KeyText, RefusesWhatDiffersInAnyOneBit) {
  const std::string text = log_key().verifier().to_text();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    const auto other = VerifierKey::parse(with_flipped_bit(text, bit));
    EXPECT_FALSE(other) << with_flipped_bit(text, bit);
  }
}

TEST(KeyText, RefusesBrokenForms) {
  for (const char* text : {"", "+", "a", "a+b", "a++", "stadt.example+00000000+AQ==", "PRIVATE+KEY+a+b+c"}) {
    EXPECT_FALSE(VerifierKey::parse(text)) << text;
    EXPECT_FALSE(SignerKey::parse(text)) << text;
  }
  EXPECT_FALSE(SignerKey::parse(log_key().verifier().to_text()));
}

TEST(KeyName, HasNoSpacePlusOrControlCharacter) {
  for (const char* name : {"a", "stadt.example/log", "städte.example", "oid/1.2.3"}) {
    EXPECT_TRUE(is_key_name(name)) << name;
  }
  for (const char* name : {"", " ", "a b", "a+b", "a\tb", "a\nb", "a\xC2\xA0" "b", "a\xE2\x80\xA8", "\xE3\x80\x80",
                           "a\xFF", "a\x7f"}) {
    EXPECT_FALSE(is_key_name(name)) << name;
  }
  EXPECT_FALSE(is_key_name(std::string(201, 'a')));
}

TEST(Note, IsOpenedWithTheKeyThatSignedIt) {
  Note note{"Erste Zeile\n\nNach einer leeren\n", {}};
  note.signatures.push_back(sign_note(note.text, log_key()));
  note.signatures.push_back(sign_note(note.text, witness_key(), at(1'700'000'000)));
  const auto parsed = parse_note(note.to_text());
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->text, note.text);
  EXPECT_EQ(parsed->signatures, note.signatures);
  EXPECT_EQ(verify_note(*parsed, log_key().verifier()).value(), at(0));
  EXPECT_EQ(verify_note(*parsed, witness_key().verifier()).value(), at(1'700'000'000));
  EXPECT_EQ(verify_note(*parsed, SignerKey::generate("stadt.example/log").verifier()).error().code,
            ErrorCode::not_found);
}

TEST(Note, RefusesWhatDiffersInAnyOneBit) {
  for (const SignerKey& key : {log_key(), witness_key()}) {
    Note note{"stadt.example/log\n5\nVerzeichnis\n", {}};
    note.signatures.push_back(sign_note(note.text, key, at(1'700'000'000)));
    const std::string text = note.to_text();
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
      const auto other = parse_note(with_flipped_bit(text, bit));
      EXPECT_FALSE(other && verify_note(*other, key.verifier())) << "bit " << bit << " of " << text;
    }
  }
}

TEST(Note, RefusesBrokenForms) {
  const std::string good = "text\n\n\xE2\x80\x94 a AAAAAAA=\n";
  ASSERT_TRUE(parse_note(good));
  for (const std::string& text : std::initializer_list<std::string>{
           std::string(), "text\n", "text\n\n", good.substr(0, good.size() - 1), good + "\n",
        good + "more\n", "\xE2\x80\x94 a AAAAAAA=\n", "text\n\n- a AAAAAAA=\n",
        "text\n\n\xE2\x80\x94 a AAAA\n", "text\n\n\xE2\x80\x94 a+b AAAAAAA=\n",
        "text\n\n\xE2\x80\x94  AAAAAAA=\n", "te\rxt\n\n\xE2\x80\x94 a AAAAAAA=\n",
        "te\xFFxt\n\n\xE2\x80\x94 a AAAAAAA=\n", "text\n\n\xE2\x80\x94 a AAAAAAA= \n"}) {
    EXPECT_FALSE(parse_note(text)) << text;
  }
  EXPECT_EQ(parse_note(std::string(note_limit, 'x') + good).error().code, ErrorCode::too_large);
  std::string many = "text\n\n";
  for (std::size_t i = 0; i < signatures_limit; ++i) many += "\xE2\x80\x94 a AAAAAAA=\n";
  EXPECT_TRUE(parse_note(many));
  EXPECT_FALSE(parse_note(many + "\xE2\x80\x94 a AAAAAAA=\n"));
}

TEST(Note, IsRefusedWholeIfOneOfSeveralSignaturesOfAKeyIsWrong) {
  Note note{"text\n", {}};
  note.signatures.push_back(sign_note(note.text, log_key()));
  note.signatures.push_back(sign_note("other\n", log_key()));
  EXPECT_EQ(verify_note(note, log_key().verifier()).error().code, ErrorCode::invalid);
}

TEST(Checkpoint, ReadsWhatItWritesAndNothingElse) {
  const Checkpoint checkpoint{"stadt.example/log", 5, leaf_hash("x"), {"weitere Zeile"}};
  EXPECT_EQ(Checkpoint::parse(checkpoint.to_text()).value(), checkpoint);
  const std::string root = to_base64(leaf_hash("x"));
  EXPECT_TRUE(Checkpoint::parse("a\n9223372036854775807\n" + root + "\n"));
  for (const std::string& text :
       {std::string(), std::string("a\n"), std::string("a\n1\n"), "a\n1\n" + root, "\n1\n" + root + "\n",
        "a\n01\n" + root + "\n", "a\n-1\n" + root + "\n", "a\n+1\n" + root + "\n", "a\n1 \n" + root + "\n",
        "a\n9223372036854775808\n" + root + "\n", "a\n\n" + root + "\n", "a\n1\n" + root + "\n\n",
        "a\n1\n" + root + "\nmore", "a\n1\n" + root.substr(1) + "\n", "a\n0\n" + root + "\n"}) {
    EXPECT_FALSE(Checkpoint::parse(text)) << text;
  }
}

TEST(Checkpoint, RefusesAnotherOriginThanTheNameOfTheKey) {   // clause 1.1
  Note note{Checkpoint{"andere.example/log", 1, leaf_hash("x"), {}}.to_text(), {}};
  note.signatures.push_back(sign_note(note.text, log_key()));
  EXPECT_FALSE(open_checkpoint(note.to_text(), log_key().verifier()));
}

TEST(Checkpoint, NeedsAQuorumOfDifferentWitnesses) {
  Note note{Checkpoint{log_key().name, 1, leaf_hash("x"), {}}.to_text(), {}};
  note.signatures.push_back(sign_note(note.text, log_key()));
  const SignerKey other = fixed_key("zeugin.example", KeyType::cosignature, 50);
  const std::vector<VerifierKey> witnesses = {witness_key().verifier(), other.verifier(), witness_key().verifier()};
  EXPECT_TRUE(verify_quorum(note, witnesses, 0));
  EXPECT_FALSE(verify_quorum(note, witnesses, 1));
  note.signatures.push_back(sign_note(note.text, witness_key(), at(1)));
  EXPECT_TRUE(verify_quorum(note, witnesses, 1));
  EXPECT_FALSE(verify_quorum(note, witnesses, 2));
  note.signatures.push_back(sign_note(note.text, other, at(2)));
  EXPECT_TRUE(verify_quorum(note, witnesses, 2));
  note.signatures.back().bytes[20] ^= 1;
  EXPECT_FALSE(verify_quorum(note, witnesses, 1));
}

// A proof of entry `index` in a log of five.
EntryProof proof_of(std::uint64_t index, std::string extra) {
  std::vector<Hash> hashes;
  Frontier frontier;
  for (int i = 0; i < 5; ++i) {
    hashes.push_back(leaf_hash("entry " + std::to_string(i)));
    frontier.append(hashes.back());
  }
  const auto proof = inclusion_proof(index, 5, [&](unsigned level, std::uint64_t at_level) -> Result<Hash> {
    Frontier part;
    for (std::size_t i = at_level << level; i < (at_level + 1) << level; ++i) part.append(hashes[i]);
    return part.root();
  });
  Note note{Checkpoint{log_key().name, 5, frontier.root(), {}}.to_text(), {}};
  note.signatures.push_back(sign_note(note.text, log_key()));
  return {std::move(extra), index, proof.value(), note.to_text()};
}

std::string file(const std::string& name) {
  std::ifstream in(std::string(VERBUND_SOURCE_DIR) + "/src/kits/tlog/testdata/note/" + name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  EXPECT_TRUE(in.good()) << name;
  return out.str();
}

TEST(OwnVectors, AreWhatWeWroteOnTheFirstDay) {
  // Ed25519 is deterministic: the same keys, text and time give the same bytes in every version of the program.
  EXPECT_EQ(log_key().verifier().to_text() + "\n", file("log.vkey"));
  EXPECT_EQ(witness_key().verifier().to_text() + "\n", file("witness.vkey"));
  EXPECT_EQ(proof_of(3, "body").to_text(), file("entry3.tlog-proof"));
  auto note = parse_note(proof_of(3, "").checkpoint).value();
  note.signatures.push_back(sign_note(note.text, witness_key(), at(1'700'000'000)));
  EXPECT_EQ(note.to_text(), file("checkpoint.txt"));
}

TEST(EntryProof, ProvesAnEntryOffline) {
  for (const char* extra : {"", "body"}) {
    const EntryProof proof = proof_of(3, extra);
    const auto again = EntryProof::parse(proof.to_text());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->to_text(), proof.to_text());
    EXPECT_EQ(again->extra, extra);
    EXPECT_TRUE(again->verify("entry 3", log_key().verifier()));
    EXPECT_FALSE(again->verify("entry 4", log_key().verifier()));
    EXPECT_FALSE(again->verify("entry 3", witness_key().verifier()));
  }
}

TEST(EntryProof, RefusesWhatDiffersInAnyOneBit) {
  const std::string text = proof_of(3, "").to_text();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    const auto other = EntryProof::parse(with_flipped_bit(text, bit));
    EXPECT_FALSE(other && other->verify("entry 3", log_key().verifier())) << bit;
  }
}

TEST(EntryProof, RefusesBrokenForms) {
  const std::string checkpoint = proof_of(0, "").checkpoint;
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  for (const std::string& text :
       {std::string(), head, head + "index 0\n", head + "\n" + checkpoint, head + "index 00\n\n" + checkpoint,
        head + "index 0\nextra AAAA\n\n" + checkpoint, head + "extra \nindex 0\n\n" + checkpoint,
        head + "index 0\nAAAA\n\n" + checkpoint, head + "index 0\n" + checkpoint,
        "x" + head + "index 0\n\n" + checkpoint, head + "index -1\n\n" + checkpoint}) {
    EXPECT_FALSE(EntryProof::parse(text)) << text;
  }
}

}  // namespace
}  // namespace verbund::tlog
