#!/usr/bin/env bash
# Makes the packages in artifacts/packages: the library OpenVocab, OpenVocab.Models for making models, OpenVocab.Server for ASP.NET Core, and the tool OpenVocab.Tool (command openvocab) for linux-x64.
# Arguments go to dotnet pack, for instance: eng/pack.sh -p:VersionSuffix=beta1
set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
options=(--configuration Release --nologo --verbosity quiet --output artifacts/packages -p:NuGetAudit=false "$@")
dotnet pack src/OpenVocab "${options[@]}"
dotnet pack src/OpenVocab.Models "${options[@]}"
dotnet pack src/OpenVocab.Server "${options[@]}"
# One package per platform: without it the tool carries the native libraries of all of them (210 MB instead of 67).
dotnet pack src/OpenVocab.Cli "${options[@]}" -p:RuntimeIdentifiers=linux-x64
ls -l artifacts/packages
