// SPDX-License-Identifier: Apache-2.0
// Completion scripts for bash, zsh and fish, made from the same command tree that parses.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "command.h"

namespace ferv::app {
namespace {

/// A command as the scripts see it: its words after `ferv`, and what may follow.
struct Node {
  std::string path;                                          ///< "data check"; "" for ferv itself
  std::vector<std::pair<std::string, std::string>> words;    ///< subcommands with summary
  std::vector<std::pair<std::string, std::string>> options;  ///< long options with description
};

std::string first_line(const std::string& text) {
  std::string line = text.substr(0, text.find('\n'));
  std::erase_if(line, [](char c) {
    return c == '\'' || c == '"' || c == '[' || c == ']' || c == ':' || c == '`' || c == '$' || c == '\\';
  });
  return line;
}

void collect(const CLI::App& app, const std::string& path, std::vector<Node>& nodes) {
  Node node{path, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      node.options.emplace_back("--" + name, first_line(option->get_description()));
  }
  const auto children = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* child : children)
    node.words.emplace_back(child->get_name(), first_line(child->get_description()));
  nodes.push_back(std::move(node));
  for (const CLI::App* child : children)
    collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), nodes);
}

std::string names(const Node& node) {
  std::string text;
  for (const auto& [name, description] : node.words) text += name + " ";
  for (const auto& [name, description] : node.options) text += name + " ";
  return text;
}

std::string bash_script(const std::vector<Node>& nodes) {
  std::string script =
      "# bash completion for ferv; source it or put it into bash-completion's folder\n"
      "_ferv() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} path='' word index candidates=''\n"
      "  for ((index = 1; index < COMP_CWORD; ++index)); do\n"
      "    word=${COMP_WORDS[index]}\n"
      "    [[ $word == -* ]] && continue\n"
      "    case \"${path:+$path }$word\" in\n";
  for (const Node& node : nodes) {
    if (!node.path.empty()) script += fmt::format("      '{}') path='{}' ;;\n", node.path, node.path);
  }
  script += "    esac\n  done\n  case \"$path\" in\n";
  for (const Node& node : nodes)
    script += fmt::format("    '{}') candidates='{}' ;;\n", node.path, names(node));
  script +=
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$candidates\" -- \"$current\")\n"
      "  if [[ ${#COMPREPLY[@]} -eq 0 && $current != -* ]]; then mapfile -t COMPREPLY < <(compgen -f -- "
      "\"$current\"); fi\n"
      "}\n"
      "complete -o filenames -F _ferv ferv\n";
  return script;
}

std::string zsh_script(const std::vector<Node>& nodes) {
  std::string script =
      "#compdef ferv\n"
      "_ferv() {\n"
      "  local ferv_path='' word candidate\n"
      "  local -a candidates\n"
      "  for word in ${words[2,CURRENT-1]}; do\n"
      "    [[ $word == -* ]] && continue\n"
      "    candidate=${ferv_path:+$ferv_path }$word\n"
      "    case $candidate in\n";
  for (const Node& node : nodes) {
    if (!node.path.empty()) script += fmt::format("      '{}') ferv_path=$candidate ;;\n", node.path);
  }
  script += "    esac\n  done\n  case $ferv_path in\n";
  for (const Node& node : nodes) {
    script += fmt::format("    '{}') candidates=(", node.path);
    for (const auto& [name, description] : node.words) script += fmt::format("'{}:{}' ", name, description);
    for (const auto& [name, description] : node.options) script += fmt::format("'{}:{}' ", name, description);
    script += ") ;;\n";
  }
  script += "  esac\n  _describe 'ferv' candidates || _files\n}\ncompdef _ferv ferv\n";
  return script;
}

std::string fish_script(const std::vector<Node>& nodes) {
  std::string script = "# fish completion for ferv\ncomplete -c ferv -e\n";
  for (const Node& node : nodes) {
    // A command's words are offered when all words of its path were seen and none of its own subcommands.
    std::string condition;
    if (node.path.empty()) {
      condition = "__fish_use_subcommand";
    } else {
      std::string rest = node.path;
      for (std::size_t at = 0; at != std::string::npos;) {
        const std::size_t next = rest.find(' ', at);
        condition += fmt::format("{}__fish_seen_subcommand_from {}", condition.empty() ? "" : "; and ",
                                 rest.substr(at, next - at));
        at = next == std::string::npos ? next : next + 1;
      }
    }
    for (const auto& [name, description] : node.words) {
      script += fmt::format("complete -c ferv -n '{}' -a {} -d '{}'\n", condition, name, description);
    }
    for (const auto& [name, description] : node.options) {
      script +=
          fmt::format("complete -c ferv -n '{}' -l {} -d '{}'\n", condition, name.substr(2), description);
    }
  }
  return script;
}

}  // namespace

void add_completion(CLI::App& parent, Context&) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = parent.add_subcommand("completion", "Print the completion script of a shell");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer("Example: ferv completion bash > ~/.local/share/bash-completion/completions/ferv");
  command->callback([shell, &parent] {
    std::vector<Node> nodes;
    collect(parent, "", nodes);
    print(*shell == "bash" ? bash_script(nodes) : *shell == "zsh" ? zsh_script(nodes) : fish_script(nodes));
  });
}

}  // namespace ferv::app
