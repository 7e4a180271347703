package cli

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/spf13/cobra"
)

// ciPackage is what go install installs.
const ciPackage = "github.com/hookctl/hookctl/cmd/hookctl"

type ciOptions struct {
	path     string
	provider string
	version  string
}

func newCI(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ci",
		Short: "print configuration to validate payloads in CI",
		Long: `Print configuration that runs hookctl validate in CI, or before each commit. It
is complete: write it to the file that its first line names, and commit that.`,
		GroupID: groupSetup,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(
		newCIKind(a, "github", "print a workflow for GitHub Actions", `Print a workflow for GitHub Actions. What is wrong stands beside the line in the
pull request, and in the repository's code scanning. Where a repository has
none, that upload fails, and the check of the payloads still counts.`, ".github/workflows/webhooks.yml", githubCI),
		newCIKind(a, "gitlab", "print a job for GitLab CI", `Print a job for GitLab CI. What is wrong stands in the merge request's code
quality and tests.`, ".gitlab-ci.yml", gitlabCI),
		newCIKind(a, "pre-commit", "print a hook for pre-commit", `Print a hook for pre-commit, which validates the payloads of a commit before it
is made. It builds hookctl itself, with the Go of the machine or one that it
fetches.`, ".pre-commit-config.yaml", preCommitCI),
	)
	return cmd
}

// newCIKind is the command for one system. write prints its configuration.
func newCIKind(a *app, name, short, long, file string, write func(io.Writer, *ciOptions) error) *cobra.Command {
	o := &ciOptions{}
	cmd := &cobra.Command{
		Use:     name + " [flags]",
		Short:   short,
		Long:    long,
		Example: "  hookctl ci " + name + " > " + file + "\n  hookctl ci " + name + " --path test/webhooks --provider recharge",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.global.json {
				return usage("leave --json out", "ci %s: a file is printed as it is, which is YAML and no JSON", name)
			}
			if err := o.check(); err != nil {
				return err
			}
			return write(a.world.Stdout, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.path, "path", "fixtures/", "the payloads are in `FOLDER`, from the root of the repository")
	flags.StringVar(&o.provider, "provider", "", "all of them are of `PROVIDER` (default: the folders say it)")
	flags.StringVar(&o.version, "version", "", "install the `VERSION` of hookctl, such as v1.2.3 or latest (default: this one, where it is a release)")
	return cmd
}

// check refuses what cannot stand in such a file, and settles what is left out.
func (o *ciOptions) check() error {
	o.path = filepath.ToSlash(o.path)
	if !plainPath(o.path) {
		return usage("name a folder of the repository, such as fixtures/", "--path: want a path from the repository's root of letters, digits and ._-/, got %q", o.path)
	}
	o.path = path.Clean(o.path) + "/"
	if o.provider != "" {
		if err := provider.CheckName(o.provider); err != nil {
			return usage("hookctl provider list shows the names", "--provider: %w", err)
		}
	}
	if o.version == "" {
		o.version = releaseOr(readVersion().Version, "latest")
	}
	if !regexp.MustCompile(`^[0-9A-Za-z.+-]+$`).MatchString(o.version) {
		return usage("", "--version: want a version such as v1.2.3, or latest, got %q", o.version)
	}
	return nil
}

// plainPath reports whether a path can stand in YAML, in a shell and in a regular
// expression without quotes, and leads nowhere else.
func plainPath(name string) bool {
	return filepath.IsLocal(filepath.FromSlash(name)) && regexp.MustCompile(`^[0-9A-Za-z._][0-9A-Za-z._/-]*$`).MatchString(name)
}

// releaseOr is version where it is that of a release, and other where it was built from
// something in between.
func releaseOr(version, other string) string {
	if regexp.MustCompile(`^v\d+\.\d+\.\d+(-(alpha|beta|rc)[.\d]*)?$`).MatchString(version) && !strings.HasPrefix(version, "v0.0.0") {
		return version
	}
	return other
}

// command is hookctl validate with the flags that all systems share.
func (o *ciOptions) command() string {
	if o.provider == "" {
		return "hookctl validate"
	}
	return "hookctl validate --provider " + o.provider
}

func githubCI(w io.Writer, o *ciOptions) error {
	_, err := fmt.Fprintf(w, `# .github/workflows/webhooks.yml
name: webhooks
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
  security-events: write # to upload what is found
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-go@v5
        with:
          go-version: stable
          cache: false
      - run: go install %s@%s
      - run: %s %s --format github --format sarif=hookctl.sarif
      # A private repository needs code scanning for this, and a fork may not write to it.
      # Whether the payloads are right is what the step before says.
      - uses: github/codeql-action/upload-sarif@v4
        if: ${{ !cancelled() && hashFiles('hookctl.sarif') != '' && !github.event.pull_request.head.repo.fork }}
        continue-on-error: true
        with:
          sarif_file: hookctl.sarif
          category: hookctl
`, ciPackage, o.version, o.command(), o.path)
	return err
}

func gitlabCI(w io.Writer, o *ciOptions) error {
	_, err := fmt.Fprintf(w, `# .gitlab-ci.yml
webhooks:
  image: golang:latest
  script:
    - go install %s@%s
    - %s %s --format text,gitlab=gl-code-quality.json,junit=hookctl.xml
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality.json
      junit: hookctl.xml
`, ciPackage, o.version, o.command(), o.path)
	return err
}

func preCommitCI(w io.Writer, o *ciOptions) error {
	pattern := "^" + strings.ReplaceAll(o.path, ".", `\.`)
	if o.path == "./" {
		pattern = ""
	}
	_, err := fmt.Fprintf(w, `# .pre-commit-config.yaml
minimum_pre_commit_version: '3.0.0'
repos:
  - repo: local
    hooks:
      - id: hookctl
        name: validate webhook payloads
        entry: %s
        language: golang
        additional_dependencies: ['%s@%s']
        files: '%s.*\.(json|ndjson|jsonl|har)$'
        exclude: '(^|/)([^/]*\.)?schema\.json$'
        require_serial: true
`, o.command(), ciPackage, o.version, pattern)
	return err
}
