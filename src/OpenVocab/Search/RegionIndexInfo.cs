using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace OpenVocab.Search;

/// <summary>What an index of regions says of itself.</summary>
/// <param name="Model">Whose regions they are.</param>
/// <param name="Form">How they are asked.</param>
internal sealed record RegionIndexInfo(EmbeddingModel Model, RegionForm Form)
{
    internal const string Table = "CREATE TABLE info (model TEXT NOT NULL, sha256 TEXT NOT NULL, dimensions INTEGER NOT NULL, model_path TEXT, form TEXT NOT NULL) STRICT";

    private const int LongestText = 4096;

    /// <summary>Writes it into an index that has nothing yet.</summary>
    internal void Write(IndexFile file) => file.Run("INSERT INTO info VALUES (@model, @sha256, @dimensions, @path, @form)",
        ("@model", Model.Name), ("@sha256", Model.Sha256), ("@dimensions", Model.Dimensions), ("@path", Model.Path), ("@form", Form.ToString()));

    /// <exception cref="IndexException">It is damaged.</exception>
    internal static RegionIndexInfo Read(IndexFile file)
    {
        using SqliteCommand command = file.Prepare("SELECT model, sha256, dimensions, model_path, form FROM info");
        using SqliteDataReader rows = command.ExecuteReader();
        if (!rows.Read()) { throw IndexErrors.Damaged(file.Path, "it does not say which model it was made with"); }
        long dimensions = rows.GetInt64(2);
        if (dimensions is < 1 or > VectorTable.MostDimensions) { throw IndexErrors.Damaged(file.Path, $"its regions have {dimensions} numbers; between 1 and {VectorTable.MostDimensions} are read"); }
        string form = Text(file, rows, 4)!;
        return Enum.TryParse(form, out RegionForm known) && Enum.IsDefined(known)
            ? new(new(Text(file, rows, 0)!, Text(file, rows, 1)!, (int)dimensions, Text(file, rows, 3)), known)
            : throw IndexErrors.Damaged(file.Path, $"its regions are asked by \"{form[..Math.Min(form.Length, 50)]}\"; {string.Join(" and ", Enum.GetNames<RegionForm>())} are known");
    }

    /// <summary>Checks that an index is of a model.</summary>
    /// <param name="name">The index, as errors call it.</param>
    /// <param name="given">What the model at hand would write.</param>
    /// <exception cref="IndexException">It is of another; both are named.</exception>
    internal void Check(string name, RegionIndexInfo given)
    {
        if (Model.Sha256 != given.Model.Sha256) { throw IndexErrors.OtherModel(name, Model, given.Model); }
        if (Model.Dimensions != given.Model.Dimensions || Form != given.Form)
        {
            throw IndexErrors.Damaged(name, $"its regions have {Model.Dimensions} numbers ({Form}); those of {given.Model.Name}, which it names, have {given.Model.Dimensions} ({given.Form})");
        }
    }

    /// <summary>Checks that regions are as long as those of a model.</summary>
    /// <exception cref="ModelException">They are not.</exception>
    internal static void Check(EmbeddingModel model, RegionVectors regions)
    {
        if (regions.Dimensions != model.Dimensions)
        {
            throw new ModelException($"{model.Name}: its regions have {regions.Dimensions} numbers, and its queries {model.Dimensions}.", "Fetch the bundle again: its detector and its query encoder do not belong together.");
        }
    }

    /// <summary>A text of an index, which may come from anywhere.</summary>
    /// <exception cref="IndexException">It is longer than any that is written.</exception>
    internal static string? Text(IndexFile file, DbDataReader rows, int column)
    {
        if (rows.IsDBNull(column)) { return null; }
        string text = rows.GetString(column);
        return text.Length <= LongestText ? text : throw IndexErrors.Damaged(file.Path, $"a text of it has {text.Length} characters; at most {LongestText} are read");
    }
}
