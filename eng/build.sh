# Sourced by ./openvocab and ./test.sh: builds what is asked for, and only when a source changed since the last time.

# build_if_changed NAME PROJECT...: NAME is the stamp's name. All paths are relative to the repository.
build_if_changed() {
  local stamp=artifacts/.built-$1 lock=artifacts/.lock changed
  shift
  mkdir -p artifacts
  if [ -e "$stamp" ] && [ -z "$(changed_since "$stamp")" ]; then return 0; fi
  # Two starts at the same time must not build over each other.
  exec 9>"$lock"
  flock 9
  if [ -e "$stamp" ] && [ -z "$(changed_since "$stamp")" ]; then exec 9>&-; return 0; fi
  if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    say "error: there is no .NET SDK 10; dotnet has: $(dotnet --list-sdks 2>/dev/null | tr '\n' ' ')"
    say "  → Install the .NET SDK 10: https://learn.microsoft.com/dotnet/core/install/linux"
    return 1
  fi
  local started=artifacts/.started log project
  : >"$started"
  log=$(mktemp)
  for project in "$@"; do
    say "Building $project ..."
    if ! dotnet build "$project" --configuration Release --nologo --verbosity quiet -p:NuGetAudit=false >"$log" 2>&1 9>&-; then
      grep -E 'error|warning' "$log" | sort -u | head -n 30 >&2 || cat "$log" >&2
      say "error: the build failed; its words are above."
      say "  → If they are about packages, check the network; otherwise this is a fault in the sources."
      rm -f "$log"
      return 1
    fi
  done
  rm -f "$log"
  # As old as the begin of the build: what is changed while it runs is built next time.
  mv "$started" "$stamp"
  exec 9>&-
}

# The first file or folder that is newer than a stamp; a folder is newer when a file in it was added or removed.
changed_since() {
  find src tests models/default eng samples Directory.Build.props Directory.Packages.props global.json Detection.sln .editorconfig \
    -newer "$1" -not -name '*.md' -print -quit 2>/dev/null
}
