package cli

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// wholeTree is every command there is, with what cobra adds when it runs one.
func wholeTree() []*cobra.Command {
	root := newRoot(&app{world: &World{}})
	root.InitDefaultHelpCmd()
	all := everyCommand(root)
	for _, cmd := range all {
		cmd.InitDefaultHelpFlag()
	}
	return all
}

func helpOf(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var text bytes.Buffer
	cmd.SetOut(&text)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestEveryCommandExplainsItself(t *testing.T) {
	for _, cmd := range wholeTree() {
		if cmd.Short == "" || cmd.Long == "" || strings.HasSuffix(cmd.Short, ".") || unicode.IsUpper(rune(cmd.Short[0])) {
			t.Errorf("%s: short %q, long %q", cmd.CommandPath(), cmd.Short, cmd.Long)
		}
		for line := range strings.SplitSeq(helpOf(t, cmd), "\n") {
			if n := utf8.RuneCountInString(line); n > 80 {
				t.Errorf("%s: a line of %d columns: %q", cmd.CommandPath(), n, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%s: a line ends in spaces: %q", cmd.CommandPath(), line)
			}
		}
	}
}

func TestValuesOfFlagsAreCalledByWordsOfOurs(t *testing.T) {
	for _, cmd := range wholeTree() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			switch name, _ := pflag.UnquoteUsage(f); name {
			case "duration", "string", "strings", "stringArray", "int", "uint16", "value":
				t.Errorf("%s: the value of --%s is called by its Go type %s", cmd.CommandPath(), f.Name, name)
			}
		})
	}
}

func TestFlagsStandInTheOrderOfTheirDefinition(t *testing.T) {
	flag := regexp.MustCompile(`(?m)^  (?:-\w, |    )--([a-z-]+)`)
	for _, cmd := range wholeTree() {
		_, flags, found := strings.Cut(helpOf(t, cmd), "\nFLAGS\n")
		if !found {
			continue
		}
		flags, _, _ = strings.Cut(flags, "\n\n")
		names := flag.FindAllStringSubmatch(flags, -1)
		if last := names[len(names)-1][1]; last != "help" {
			t.Errorf("%s: --%s stands last, want --help", cmd.CommandPath(), last)
		}
	}
}
