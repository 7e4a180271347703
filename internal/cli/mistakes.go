package cli

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/spf13/cobra"
)

// commandMeant is the command below cmd that word was probably meant to be, "" for none:
// what other tools call it, or what is written most alike.
func commandMeant(cmd *cobra.Command, word string) string {
	var names []string
	for _, sub := range cmd.Commands() {
		if slices.Contains(sub.SuggestFor, word) {
			return sub.Name()
		}
		names = append(names, append(sub.Aliases, sub.Name())...)
	}
	return suggest.Nearest(word, names)
}

// flagMeant is the flag of cmd that name was probably meant to be, "" for none: the only one
// that begins so, what other commands or tools call it, or what is written most alike.
func flagMeant(cmd *cobra.Command, name string) string {
	names := flagNames(cmd)
	var longer []string
	for _, known := range names {
		if strings.HasPrefix(known, name) {
			longer = append(longer, known)
		}
	}
	if len(longer) == 1 && len(name) > 1 {
		return longer[0]
	}
	same := [][]string{{"to", "url", "target", "forward-to"}, {"body", "data", "payload", "file"}, {"event", "events"}, {"rate", "rate-limit"}}
	for _, words := range same {
		if !slices.Contains(words, name) {
			continue
		}
		for _, word := range words {
			if slices.Contains(names, word) {
				return word
			}
		}
	}
	return suggest.Nearest(name, names)
}

// argumentMeant says which flag takes what stands among the arguments, "" where none seems
// to.
func argumentMeant(cmd *cobra.Command, arg string) string {
	for _, name := range []string{"to", "url"} {
		if cmd.Flag(name) != nil && isTarget(arg) {
			return "--" + name + " " + shellWord(withoutUser(arg)) + " names the target"
		}
	}
	if cmd.Flag("event") != nil && !isTarget(arg) {
		return "--event " + shellWord(arg) + " names the event"
	}
	return ""
}

// isTarget reports whether an argument is the URL of a target, or a port.
func isTarget(arg string) bool {
	_, err := parseTarget(arg)
	return err == nil
}
