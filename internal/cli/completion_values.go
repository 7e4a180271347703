package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A completer is what offers values of a flag to a shell, for what was typed so far.
type completer = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// An offering is a flag's value that knows the words it can be.
type offering interface {
	// offer returns the values that what was typed can become.
	offer(typed string) []string
}

// asksForCompletions reports whether args are those of a shell's script for completions.
func asksForCompletions(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completeValues makes the values of every flag complete. File names are offered for what
// is a file alone, and not where an argument or value is of another kind. cobra keeps what
// completes a flag for good, so only a tree that is asked for completions gets it.
func (a *app) completeValues(root *cobra.Command) {
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	a.completeFlags(root, root.PersistentFlags())
	for _, cmd := range commandsBelow(root) {
		a.completeFlags(cmd, cmd.Flags())
	}
}

func (a *app) completeFlags(cmd *cobra.Command, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		complete := a.completerOf(f)
		if complete == nil {
			return
		}
		if err := cmd.RegisterFlagCompletionFunc(f.Name, complete); err != nil {
			panic(err) // a flag that has two
		}
	})
}

// completerOf is what completes the value of f, nil where nothing can be offered.
func (a *app) completerOf(f *pflag.Flag) completer {
	if words, is := f.Value.(offering); is {
		return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return words.offer(typed), cobra.ShellCompDirectiveNoFileComp
		}
	}
	switch f.Name {
	case "endpoint":
		return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.endpointNames(cmd, nil, typed)
		}
	case "event", "events":
		return a.completeEventFlag
	case "capture":
		return a.completeCaptures
	}
	switch form, _ := pflag.UnquoteUsage(f); form {
	case "PROVIDER":
		return a.providerNames
	case "FILE":
		return completeFiles
	case "DIR", "FOLDER":
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	}
	return nil
}

// completeFiles leaves it to the shell to offer files.
func completeFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// completeEventFlag offers the events of the provider that --provider or the first argument
// names; without one those that were seen here.
func (a *app) completeEventFlag(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	name := ""
	if f := cmd.Flag("provider"); f != nil {
		name = f.Value.String()
	}
	if name == "" && len(args) > 0 {
		name = args[0]
	}
	if name == "" {
		return a.completeSeenEvents(cmd)
	}
	return a.eventNames(cmd, name)
}

// offerNext completes the last of several words with commas between, with those that are
// not there yet.
func offerNext(typed string, words []string) []string {
	at := strings.LastIndexByte(typed, ',') + 1
	given := strings.Split(typed[:at], ",")
	var offered []string
	for _, word := range words {
		if !slices.Contains(given, word) {
			offered = append(offered, typed[:at]+word)
		}
	}
	return offered
}

func commandsBelow(cmd *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, sub := range cmd.Commands() {
		all = append(append(all, sub), commandsBelow(sub)...)
	}
	return all
}
