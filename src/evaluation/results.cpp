// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "csv.h"
#include "ferv/base/csv_field.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv::evaluation {
namespace {

constexpr std::size_t kFileLimit = std::size_t{1} << 30;
constexpr double kSumTolerance = 0.01;
constexpr int kJsonDepthLimit = 32;

int class_of(const std::string& name, const std::vector<std::string>& classes, const CsvPlace& place) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end())
    throw place.error("unknown class '" + name.substr(0, 60) + "', wanted one of the header's");
  return static_cast<int>(found - classes.begin());
}

double probability_of(const std::string& field, const CsvPlace& place) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || !(value >= 0.0 && value <= 1.0)) {
    throw place.error("probability is '" + field.substr(0, 40) + "', wanted a number in [0, 1]");
  }
  return value;
}

std::filesystem::path facts_path(std::filesystem::path path) {
  return path.replace_extension(".json");
}

std::map<std::string, std::string> read_facts(const std::filesystem::path& path) {
  std::map<std::string, std::string> facts;
  if (!std::filesystem::exists(path)) return facts;
  try {
    // Writing a value back as text follows it down: without a limit a hostile file exhausts the stack.
    const auto limit_depth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
      if (depth > kJsonDepthLimit)
        throw corrupt_data(path, fmt::format("nests deeper than {} levels", kJsonDepthLimit));
      return true;
    };
    const auto json = nlohmann::json::parse(read_text_file(path, 1 << 20), limit_depth);
    if (!json.is_object())
      throw corrupt_data(path, fmt::format("is a JSON {}, wanted an object", json.type_name()));
    for (const auto& [key, value] : json.items()) {
      facts[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  } catch (const nlohmann::json::exception& error) {
    throw corrupt_data(path, std::string("not valid JSON: ") + error.what());
  }
  return facts;
}

}  // namespace

Results read_results(const std::filesystem::path& path, Duplicates duplicates) {
  const std::string text = read_text_file(path, kFileLimit);
  CsvReader reader(text, path);
  std::vector<std::string> fields;
  if (!reader.next(fields))
    throw corrupt_data(path, "is empty, wanted a header clip,label,predicted,<classes>");
  if (fields.size() < 3 || fields[0] != "clip" || fields[1] != "label" || fields[2] != "predicted") {
    throw reader.place().error("header is '" + fields[0].substr(0, 60) +
                               ",...', wanted clip,label,predicted,<classes>");
  }
  Results results;
  results.classes.assign(fields.begin() + 3, fields.end());
  if (results.classes.size() < 2)
    throw reader.place().error("header names no classes, wanted at least two after 'predicted'");
  for (auto name = results.classes.begin(); name != results.classes.end(); ++name) {
    if (name->empty()) throw reader.place().error("a class of the header has no name");
    if (std::find(results.classes.begin(), name, *name) != name)
      throw reader.place().error("class '" + name->substr(0, 60) + "' stands twice in the header");
  }
  const std::size_t field_count = fields.size();
  std::unordered_set<std::string> seen;
  while (reader.next(fields)) {
    const CsvPlace place = reader.place();
    if (fields.size() != field_count) {
      throw place.error(fmt::format("{} fields, wanted {} as in the header", fields.size(), field_count));
    }
    ResultRow row;
    row.clip = fields[0];
    if (!seen.insert(row.clip).second && duplicates == Duplicates::kRefuse)
      throw place.error("clip '" + row.clip.substr(0, 80) + "' stands twice");
    row.label = class_of(fields[1], results.classes, place);
    row.predicted = class_of(fields[2], results.classes, place);
    const bool has_probabilities =
        std::any_of(fields.begin() + 3, fields.end(), [](const auto& field) { return !field.empty(); });
    double sum = 0;
    for (std::size_t i = 3; has_probabilities && i < fields.size(); ++i) {
      row.probabilities.push_back(probability_of(fields[i], place));
      sum += row.probabilities.back();
    }
    if (has_probabilities && std::abs(sum - 1.0) > kSumTolerance) {
      throw place.error(fmt::format("probabilities sum to {:.4f}, wanted 1 +- {}", sum, kSumTolerance));
    }
    results.rows.push_back(std::move(row));
  }
  if (results.rows.empty()) throw corrupt_data(path, "has no rows after the header");
  results.facts = read_facts(facts_path(path));
  return results;
}

void write_results(const std::filesystem::path& path, const Results& results) {
  if (facts_path(path) == path) {
    throw invalid_argument(path.string() + ": the facts of the results go there, wanted another ending");
  }
  std::string text = "clip,label,predicted";
  for (const std::string& name : results.classes) text += "," + csv_field(name);
  text += "\n";
  for (const ResultRow& row : results.rows) {
    text += fmt::format("{},{},{}", csv_field(row.clip),
                        csv_field(results.classes.at(static_cast<std::size_t>(row.label))),
                        csv_field(results.classes.at(static_cast<std::size_t>(row.predicted))));
    for (std::size_t k = 0; k < results.classes.size(); ++k) {
      text += row.probabilities.empty() ? "," : fmt::format(",{:.6f}", row.probabilities.at(k));
    }
    text += "\n";
  }
  // The facts first: a reader that finds the CSV finds its facts too.
  // Paths among them need not be UTF-8, JSON must be.
  write_file_atomically(
      facts_path(path),
      nlohmann::json(results.facts).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  write_file_atomically(path, text);
}

}  // namespace ferv::evaluation
