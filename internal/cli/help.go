package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// exitStatusHelp stands in every help text.
const exitStatusHelp = `EXIT STATUS
  0    done
  1    the check found something
  2    usage or configuration
  3    could not run
  130  interrupted; 143 terminated
`

// helpWidth is the most columns that a line of help has, whatever the terminal: the same
// command prints the same help.
const helpWidth = 80

// writeHelp prints the help of cmd. It is written by hand since cobra's
// templates would pull in text/template, a sixth of the program.
func writeHelp(cmd *cobra.Command) {
	w := cmd.OutOrStdout()
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(w, "%s\n\nUSAGE\n", text)
	if cmd.Runnable() && (cmd.HasParent() || !cmd.HasAvailableSubCommands()) && !cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND [flags]\n", cmd.CommandPath())
	}
	writeCommands(w, cmd)
	if cmd.Example != "" {
		fmt.Fprintf(w, "\nEXAMPLES\n%s\n", cmd.Example)
	}
	writeFlags(w, "FLAGS", cmd.LocalNonPersistentFlags())
	if !cmd.HasParent() {
		writeFlags(w, "GLOBAL FLAGS", cmd.PersistentFlags())
	} else {
		writeFlags(w, "GLOBAL FLAGS", cmd.InheritedFlags())
	}
	fmt.Fprintf(w, `
Each flag can also be set in the environment (--store as %sSTORE; several
values one a line) or in hookctl.yaml. The command line wins over the
environment, that over the file.

`, envPrefix)
	io.WriteString(w, exitStatusHelp)
}

// newHelp is the command help, which cobra adds by itself with words of its own, and with
// exit status 0 where there is no such command.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND...]",
		Short:   "show the help of a command",
		Long:    "Show the help of a command, as --help behind its name does.",
		Example: "  hookctl help captures list",
		GroupID: groupSetup,
		// What hookctl.yaml says does not matter, and may be what help is wanted for.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if found, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
				for _, sub := range found.Commands() {
					if !offered(sub) {
						continue
					}
					names = append(names, sub.Name()+"\t"+sub.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil {
				return usage("hookctl --help lists the commands", "%w", err)
			}
			found.InitDefaultHelpFlag()
			switch {
			case found.HasAvailableSubCommands():
				return helpOrUnknown(found, rest)
			case len(rest) > 0:
				return usage("the form is: "+cmd.UseLine(), "help: %s has no commands below it, got %q", nameOf(found), rest[0])
			}
			return found.Help()
		},
	}
}

// offered reports whether a command is there for people: shells have one of their own.
func offered(cmd *cobra.Command) bool { return cmd.IsAvailableCommand() || cmd.Name() == "help" }

func writeCommands(w io.Writer, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	width := 0
	for _, sub := range cmd.Commands() {
		width = max(width, len(commandForm(sub)))
	}
	write := func(title, group string) {
		fmt.Fprintf(w, "\n%s\n", strings.ToUpper(title))
		for _, sub := range cmd.Commands() {
			if sub.GroupID == group && offered(sub) {
				about := wrapped(sub.Short, helpWidth-width-4)
				fmt.Fprintf(w, "  %-*s  %s\n", width, commandForm(sub), strings.Join(about, "\n"+strings.Repeat(" ", width+4)))
			}
		}
	}
	if len(cmd.Groups()) == 0 {
		write("commands", "")
	}
	for _, group := range cmd.Groups() {
		write(group.Title, group.ID)
	}
}

// wrapped is a text in lines of width columns at most, but for words that are longer.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// commandForm is the command with its arguments, "show ID"; flags are told by its own help.
func commandForm(cmd *cobra.Command) string {
	form, _, _ := strings.Cut(strings.TrimSuffix(cmd.Use, " [flags]"), " --")
	return form
}

// keepFlagOrder leaves the flags of every command in the order of their definition, which
// groups them.
func keepFlagOrder(root *cobra.Command) {
	for _, cmd := range append(commandsBelow(root), root) {
		cmd.Flags().SortFlags = false
		cmd.PersistentFlags().SortFlags = false
	}
}

func writeFlags(w io.Writer, title string, flags *pflag.FlagSet) {
	flags.SortFlags = false // as keepFlagOrder: cobra has made this set anew
	if usages := flags.FlagUsagesWrapped(helpWidth); usages != "" {
		fmt.Fprintf(w, "\n%s\n%s", title, optionalValues(usages))
	}
}

// optionalValues writes the flags whose value may be left out as they are given:
// --name[=VALUE], not --name VALUE[=default]. Columns stay where they are.
func optionalValues(usages string) string {
	return regexp.MustCompile(`(--[a-z-]+) ([A-Z]+)(\[=[^\]]*\])`).ReplaceAllStringFunc(usages, func(form string) string {
		name, rest, _ := strings.Cut(form, " ")
		value, _, _ := strings.Cut(rest, "[")
		return fmt.Sprintf("%-*s", len(form), name+"[="+value+"]")
	})
}
