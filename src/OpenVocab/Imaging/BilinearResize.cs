using OpenCvSharp;
using OpenCvSharp.Internal;

namespace OpenVocab.Imaging;

/// <summary>
/// OpenCV's bilinear resize without the two wrapper objects that <c>Cv2.Resize</c> makes at every call: the frame path allocates nothing. The same native
/// function, called through the same native methods, which OpenCvSharp makes public.
/// </summary>
internal static class BilinearResize
{
    /// <summary>Scales a picture.</summary>
    /// <param name="source">Not changed.</param>
    /// <param name="target">Gets the size and the pixels; its memory is used again where it fits.</param>
    /// <param name="size">Both sides at least 1.</param>
    internal static void Run(Mat source, Mat target, Size size)
    {
        nint input = 0, output = 0;
        try
        {
            Check(NativeMethods.core_InputArray_new_byMat(source.CvPtr, out input));
            Check(NativeMethods.core_OutputArray_new_byMat(target.CvPtr, out output));
            Check(NativeMethods.imgproc_resize(input, output, size, 0, 0, (int)InterpolationFlags.Linear));
        }
        finally
        {
            if (input != 0) { Check(NativeMethods.core_InputArray_delete(input)); }
            if (output != 0) { Check(NativeMethods.core_OutputArray_delete(output)); }
            GC.KeepAlive(source);
            GC.KeepAlive(target);
        }
    }

    private static void Check(ExceptionStatus status) => NativeMethods.HandleException(status);
}
