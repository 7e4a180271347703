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

// defaultHelpWidth is used where there is no terminal.
const defaultHelpWidth = 100

// writeHelp prints the help of cmd. It is written by hand since cobra's
// templates would pull in text/template, a sixth of the program.
func writeHelp(a *app, cmd *cobra.Command) {
	w := cmd.OutOrStdout()
	width := defaultHelpWidth
	if a.world.StdoutTerminal {
		width = min(max(a.world.Width(), 60), 120)
	}
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
	writeFlags(w, "FLAGS", cmd.LocalNonPersistentFlags(), width)
	if !cmd.HasParent() {
		writeFlags(w, "GLOBAL FLAGS", cmd.PersistentFlags(), width)
	} else {
		writeFlags(w, "GLOBAL FLAGS", cmd.InheritedFlags(), width)
	}
	fmt.Fprintf(w, "\nEach flag can also be set in the environment (--store as %sSTORE; several values one a\nline) or in hookctl.yaml. The command line wins over the environment, that over the file.\n\n", envPrefix)
	io.WriteString(w, exitStatusHelp)
}

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
			if sub.GroupID == group && (sub.IsAvailableCommand() || sub.Name() == "help") {
				fmt.Fprintf(w, "  %-*s  %s\n", width, commandForm(sub), sub.Short)
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

// commandForm is the command with its arguments: "show ID".
func commandForm(cmd *cobra.Command) string {
	return strings.TrimSuffix(cmd.Use, " [flags]")
}

func writeFlags(w io.Writer, title string, flags *pflag.FlagSet, width int) {
	flags.SortFlags = false // in the order of their definition, which groups them
	if usages := flags.FlagUsagesWrapped(width); usages != "" {
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
